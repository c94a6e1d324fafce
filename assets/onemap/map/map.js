// The map: asks for what the URL asks, colours areas and points, and never loses a colour.

import * as engine from "../../vendor/maplibre-gl/dist/maplibre-gl.mjs";
import { Areas } from "./areas.js";
import { fitted, glide } from "./camera.js";
import { Card } from "./card.js";
import { classOfCode, codesOf, numberLayers } from "./colors.js";
import { Controls, notices } from "./controls.js";
import { make } from "./dom.js";
import { codes, names, readyFonts } from "./labels.js";
import { Legend } from "./legend.js";
import { Pointer } from "./pointer.js";
import { PointLayer } from "./points.js";
import { giveBack, statesOf } from "./states.js";
import { LEVELS, NOTHING, areaLayers, codesFrom, isShown, labelLayers, pointLayers, sources, themePaint } from "./style.js";
import { putSymbols } from "./symbols.js";
import { Table } from "./table.js";
import { serveTiles, tilesOf } from "./tiles.js";
import { paintOf, readView } from "./view.js";
import { counts, filtersOf, get, getJson, unpack } from "./wire.js";

const RETRY_MS = 5000;
const LEAST_PX = 28;
const PACE_MS = 100;

engine.setWorkerUrl(new URL("../../vendor/maplibre-gl/dist/maplibre-gl-worker.mjs", import.meta.url).href);
serveTiles(engine);

/** Start the map of an element that carries its settings in `data-map`. */
export function start(element) {
  const map = new OneMap(element, JSON.parse(element.dataset.map));
  window.onemap = Object.assign(window.onemap || {}, { map });
  return map;
}

class OneMap {
  constructor(element, config) {
    this.element = element;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    config.scale = element.clientWidth < 600 && !config.wall ? 0.8 : Math.max(1, rem);
    // Names that a room of people reads: never below 20 px at 1080 lines, and room around the rings.
    if (config.room) config.names = element.clientWidth < 600 ? 12 : Math.max(13, 20 * rem * (document.documentElement.lang === "en" ? 0.85 : 1));
    numberLayers(config.layers);
    this.config = config;
    this.counts = counts;
    this.inLanguage = {};
    this.points = {};
    this.answers = {};
    this.shown = {};
    this.turn = 0;
    this.legend = new Legend(config);
    this.table = new Table(config);
    this.holder = make("div", { class: "map-canvas" });
    element.replaceChildren(this.holder, make("i", { class: "map-cross", "aria-hidden": "true" }));
    this.ready = this.begin();
  }

  get layers() { return this.layersIn(this.view.lang); }

  get words() { return this.config.words[this.view.lang]; }

  /** The declarations with their words in a language. */
  layersIn(lang) {
    const words = this.config.words[lang].layers;
    this.inLanguage[lang] ??= this.config.layers.map((layer, at) => ({
      ...layer, ...words[at], classes: layer.classes.map((one, cls) => ({ ...one, ...words[at].classes[cls] })),
      facts: layer.facts.map((fact, number) => ({ ...fact, ...words[at].facts[number] })),
    }));
    return this.inLanguage[lang];
  }

  async begin() {
    this.view = readView(window.location.search, this.config);
    this.paint = paintOf(this.view, { ...this.config, layers: this.layers }, this);
    this.furnish();
    this.listen();
    try {
      this.makeMap();
    } catch (error) {
      if (!(error instanceof engine.GPUInitializationError)) throw error;
      this.map = null;
      return this.withoutMap();
    }
    await this.update();
    await this.whenIdle();
    this.unpaced();
    this.element.dataset.ready = "1";
    return this;
  }

  has(level) {
    return this.areas ? this.areas.has(level) : this.config.drawn.includes(level);
  }

  makeMap() {
    const size = this.holder.getBoundingClientRect();
    const box = this.config.box || [-180, -60, 180, 75];
    const tiles = tilesOf(new URL(this.config.base, window.location.href).href, this.config.geometry);
    this.map = new engine.Map({
      container: this.holder,
      style: {
        version: 8,
        sources: {
          ...sources(tiles, this.config.zooms, this.config.bounds), ...this.basemap().source, names: geojson(), codes: geojson(),
          ...Object.fromEntries(this.pointSources().map((name) => [name, geojson()])),
        },
        layers: this.styleLayers().filter(({ id }) => this.isDrawnAtOnce(id)),
      },
      ...fitted(box, size, this.padding(), 16),
      minZoom: 6, maxZoom: 18, attributionControl: false, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
      touchPitch: false, doubleClickZoom: false, interactive: !this.config.wall, trackResize: true,
      // With 0 the engine places every symbol again in every frame; with 1 only when something moved.
      fadeDuration: 1,
      locale: { "Map.Title": this.words.title },
      // A wall is wider than the engine's own limit.
      maxCanvasSize: [8192, 8192],
      // Every style that we make is of the same few kinds, and the browser tests draw them all.
      validateStyle: false,
    });
    this.map.keyboard.disableRotation();
    this.map.touchZoomRotate.disableRotation();
    this.scale = new engine.ScaleControl({ unit: "metric", maxWidth: 90 * this.config.scale });
    this.map.addControl(this.scale, "bottom-right");
    this.scaleBar = this.holder.querySelector(".maplibregl-ctrl-scale");
    this.notice.prepend(this.scaleBar);
    for (const layer of this.config.layers) if (layer.geometry === "point") this.points[layer.name] = new PointLayer(layer, this.config);
    this.card = new Card(this.element, this.words);
    this.pointer = new Pointer(this);
    this.pointer.listen();
    for (const kind of ["focus", "select", "casing"]) for (const level of LEVELS) this.shown[`${kind}-${level}`] = -1;
    this.shown["neighbourhood-line"] = JSON.stringify(["==", ["get", "parent"], ""]);
    this.shown.theme = this.view.theme;
    this.loaded = this.styled().then(() => { this.unpaced = this.pace(); });
    this.map.on("webglcontextlost", () => { this.drawn = false; this.element.dataset.context = "lost"; });
    this.map.on("webglcontextrestored", () => this.restore());
    this.map.on("error", ({ error }) => this.note(error));
    this.map.on("zoom", () => { if (this.drawn && this.areas) this.drawLabels(); });
  }

  basemap() {
    if (!this.config.basemap) return { source: {}, layers: [] };
    return {
      source: { basemap: { type: "raster", tiles: [this.config.basemap], tileSize: 256 } },
      layers: [{ id: "basemap", type: "raster", source: "basemap" }],
    };
  }

  pointSources() {
    return this.config.layers.filter((layer) => layer.geometry === "point")
      .map((layer) => (layer.shape === "dot" && this.config.shared ? `${layer.name}-merged` : layer.name));
  }

  styleLayers() {
    const { theme } = this.view;
    const points = this.config.layers.filter((layer) => layer.geometry === "point").sort((one, other) => one.order - other.order);
    const [codeLayer, nameLayer] = labelLayers(this.config, theme);
    // Names stand above the many and below the few that count down.
    const [under, over] = [points.filter((layer) => layer.shape !== "diamond"), points.filter((layer) => layer.shape === "diamond")];
    return [
      ...this.basemap().layers, ...areaLayers(this.config, theme, this.paint),
      ...under.flatMap((layer) => pointLayers(layer, this.config, theme)),
      codeLayer, nameLayer, ...over.flatMap((layer) => pointLayers(layer, this.config, theme)),
    ];
  }

  /** Every layer costs the engine work in each frame: what is not drawn at once is added when it is. */
  isDrawnAtOnce(id) {
    return !/^(neighbourhood-line$|(focus|casing|select)-)/.test(id) && (!/-(fill|hatch)$/.test(id) || isShown(id, this.paint));
  }

  /** Add a layer of the style at its place among those that are there. */
  add(id) {
    if (this.map.getLayer(id)) return;
    const all = this.styleLayers();
    const at = all.findIndex((layer) => layer.id === id);
    const above = all.slice(at + 1).find((layer) => this.map.getLayer(layer.id));
    if (at >= 0) this.map.addLayer(all[at], above?.id);
  }

  /** The style is there, and its pictures before the first tile is cut: a later picture has tiles cut again. */
  async styled() {
    await new Promise((resolve) => { if (this.map.isStyleLoaded()) resolve(); else this.map.once("style.load", resolve); });
    putSymbols(this.map, this.config, this.shown.theme);
  }

  /** Until the first picture stands, frames keep a distance: one for each answer would draw it a dozen times. */
  pace() {
    const { map } = this;
    const repaint = map.triggerRepaint.bind(map);
    let [last, waiting] = [0, 0];
    const now = () => {
      waiting = 0;
      last = performance.now();
      repaint();
    };
    map.triggerRepaint = () => { waiting ||= setTimeout(now, Math.max(0, last + PACE_MS - performance.now())); };
    const stop = () => {
      delete map.triggerRepaint;
      if (waiting) map.triggerRepaint();
    };
    this.map.once("movestart", stop);
    return stop;
  }

  /** After the context was lost every picture, source and state has to be given again. */
  async restore() {
    const { area, select, theme } = this.shown;
    this.shown = { area, select, theme };
    await (this.loaded = this.styled());
    Object.values(this.points).forEach((points) => points.forget());
    this.draw();
    await this.whenIdle();
    this.element.dataset.context = "restored";
  }

  furnish() {
    const { words, config } = this;
    this.controls?.element.remove();
    this.notice?.remove();
    this.controls = new Controls({
      words, wall: config.wall, layers: () => this.legend.toggle(), table: () => this.toggleTable(),
      zoomIn: () => this.map?.zoomIn(), zoomOut: () => this.map?.zoomOut(), home: () => this.home(), full: () => this.toggleFull(),
    });
    this.notice = notices(config.notices[this.view.lang]);
    this.foot ??= make("div", { class: "map-foot" });
    this.foot.replaceChildren(this.legend.element, this.notice);
    if (this.scaleBar) this.notice.prepend(this.scaleBar);
    this.problem?.remove();
    this.problem = make("p", { class: "map-problem", role: "status", text: words.failed });
    this.element.append(this.problem, this.controls.element, this.foot, this.legend.switches, this.table.element);
    this.drawLegend();
  }

  drawLegend() {
    const areas = { has: (level) => this.has(level) };
    this.legend.draw({ view: this.view, paint: this.paint, layers: this.layers, words: this.words, areas });
  }

  listen() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    // A step back tells twice, by the browser and by the page: ask once.
    let soon = 0;
    const moved = () => { clearTimeout(soon); soon = setTimeout(() => this.update()); };
    document.addEventListener("onemap:url", moved, { signal });
    window.addEventListener("popstate", moved, { signal });
    document.addEventListener("onemap:revision", () => this.update({ again: true }), { signal });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-toggle=layers]")) this.legend.toggle();
      else if (this.legend.isOpen && !event.target.closest(".map-layers, .map-controls")) this.legend.toggle(false);
    }, { signal });
    // Before the page's own Escape, which would leave the level.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (this.legend.isOpen) this.legend.toggle(false);
      else if (this.table.isOpen && !this.table.only) this.toggleTable();
      else return;
      event.preventDefault();
    }, { signal, capture: true });
    document.addEventListener("fullscreenchange", () => {
      this.element.toggleAttribute("data-full", document.fullscreenElement === this.element);
    }, { signal });
    this.table.element.addEventListener("shut", () => this.toggleTable(), { signal });
    this.themes = new MutationObserver(() => this.update());
    this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  }

  /** Take the map off the page: timers, workers and listeners go with it. */
  remove() {
    this.gone = true;
    clearTimeout(this.retry);
    this.stop.abort();
    this.themes.disconnect();
    this.request?.abort();
    this.map?.remove();
  }

  withoutMap() {
    this.element.classList.add("is-flat");
    this.holder.replaceChildren(make("p", { class: "map-message", role: "alert", text: this.words.noWebgl }));
    this.table.only = true;
    this.element.dataset.ready = "1";
    return this.table.open(this.paint.name, this.words, this.view.lang, false).then(() => this);
  }

  toggleTable() {
    if (this.table.isOpen) this.table.close();
    else this.table.open(this.paint.name, this.words, this.view.lang);
    this.controls.tableButton.setAttribute("aria-pressed", String(this.table.isOpen));
    if (!this.table.isOpen) this.controls.tableButton.focus({ preventScroll: true });
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.element.requestFullscreen?.().catch((error) => this.note(error));
  }

  /** Ask for what the URL asks and is not here yet, then draw; the last question wins. */
  async update({ again = false } = {}) {
    if (this.gone) return;
    const before = this.view;
    this.view = readView(window.location.search, this.config);
    this.paint = paintOf(this.view, { ...this.config, layers: this.layers }, this);
    if (before.lang !== this.view.lang) this.furnish();
    if (this.table.isOpen) this.table.show(this.table.layer, this.words, this.view.lang);
    if (!this.map) return;
    const turn = ++this.turn;
    this.request?.abort();
    this.request = new AbortController();
    clearTimeout(this.retry);
    try {
      await this.fetch(again, this.request.signal);
      await this.loaded;
      if (turn !== this.turn || this.gone) return;
      delete this.element.dataset.failed;
      this.bare(false);
    } catch (error) {
      if (error.name === "AbortError" || turn !== this.turn) return;
      this.element.dataset.failed = String(error.status || "network");
      this.note(error);
      if (!this.state) this.loaded.then(() => this.bare(!this.state));
      if (!error.status || error.status >= 500) this.retry = setTimeout(() => this.update({ again: true }), RETRY_MS);
    }
    if (this.areas) this.draw();
    this.drawnTurn = turn;
  }

  /** Without any answer yet the areas have no colour: only their lines are drawn. */
  bare(on) {
    if (Boolean(this.isBare) === on || this.gone) return;
    this.isBare = on;
    for (const id of LEVELS.flatMap((level) => [`${level}-fill`, `${level}-hatch`])) {
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", !on && isShown(id, this.paint) ? "visible" : "none");
    }
  }

  async fetch(again, signal) {
    const { base } = this.config;
    const filters = filtersOf(window.location.search);
    const asked = (path) => `${base}${path}${path.includes("?") ? "&" : "?"}${filters}`;
    const pointNames = this.view.points.join(",");
    const [state, points, areas] = await Promise.allSettled([
      this.answer("state", asked(`state/${this.paint.name}`), again, signal),
      this.answer("points", asked(`points?layers=${pointNames}`), again, signal),
      this.areas ? null : this.takeAreas(this.config.geometry, this.config.day),
    ]);
    if (state.value) this.takeState(state.value);
    if (points.value) this.takePoints(points.value);
    // What came is shown; what did not come is asked for again.
    const lost = [state, areas, points].find((one) => one.status === "rejected");
    if (lost) throw lost.reason;
    const { geometry, as_of: day } = this.state.head;
    if (geometry !== this.areas.version) await this.changeGeometry(geometry, day);
    await this.takePlaces(filters, signal);
  }

  /** A new answer of a kind, or null where the one we have is still it. */
  async answer(kind, url, again, signal) {
    const known = this.answers[kind];
    if (known?.url === url && !again) return null;
    const { etag, body } = await get(url, signal);
    this.answers[kind] = { url, etag };
    return known && known.etag === etag ? null : { ...unpack(body), layer: this.paint };
  }

  takeState({ head, arrays, layer }) {
    this.stateTaken = (this.stateTaken || 0) + 1;
    this.state = { head, layer: layer.name, level: head.level, first: head.first, classes: arrays.class, values: arrays.value };
  }

  takePoints({ head, arrays }) {
    this.pointsTaken = (this.pointsTaken || 0) + 1;
    this.streets = { values: arrays["streets.value"] };
    this.pointsHead = head;
    for (const [name, about] of Object.entries(head.layers)) this.points[name].take(about, arrays);
    this.counted = null;
  }

  async takeAreas(version, day) {
    this.areas = await Areas.load(this.config.base, version, day);
  }

  async changeGeometry(version, day) {
    await this.takeAreas(version, day);
    await this.loaded;
    const tiles = tilesOf(new URL(this.config.base, window.location.href).href, version);
    for (const source of ["areas", "outlines"]) this.map.getSource(source).setTiles(tiles);
  }

  async takePlaces(filters, signal) {
    const wanted = Object.entries(this.pointsHead.layers)
      .filter(([name, { places }]) => places && this.points[name].places?.version !== places).map(([name]) => name);
    if (!wanted.length) return;
    const query = new URLSearchParams({ layers: wanted.join(",") });
    if (filters.get("known_at")) query.set("known_at", filters.get("known_at"));
    const { json } = await getJson(`${this.config.base}places?${query}`, signal);
    for (const [name, places] of Object.entries(json.layers)) this.points[name].places = places;
  }

  draw() {
    const { map, view, paint, shown } = this;
    this.drawn = true;
    if (shown.theme !== view.theme) {
      putSymbols(map, this.config, view.theme);
      themePaint(map, this.config, view.theme);
      shown.theme = view.theme;
    }
    this.showLevels();
    const { state } = this;
    if (state && state.layer === paint.name) {
      this.colour();
    }
    this.outline("focus", view.area);
    const picked = this.pointer.pinned();
    this.outline("select", picked?.fid === undefined ? null : this.areas.codes[picked.fid]);
    this.outline("casing", picked?.fid === undefined ? null : this.areas.codes[picked.fid]);
    for (const [name, points] of Object.entries(this.points)) points.draw(map, this.areas, view.theme, view.points.includes(name));
    this.drawLabels();
    if (this.isNew("legend", paint.name, view.lang, view.theme, view.area === null, view.points)) this.drawLegend();
    this.card.pin(this.config.home ? null : picked?.content || null, picked?.place);
    this.card.follow(map);
    this.look(picked);
  }

  colour() {
    const { level, first, classes } = this.state;
    statesOf(this.map, "areas").set(level, first, codesOf(this.view.theme, this.paint, classes));
  }

  showLevels() {
    const { map, paint } = this;
    for (const id of [...LEVELS.flatMap((level) => [`${level}-fill`, `${level}-hatch`]), "grid-line"]) {
      const wanted = isShown(id, paint) ? "visible" : "none";
      if (wanted === "visible") this.add(id);
      if (map.getLayer(id) && map.getLayoutProperty(id, "visibility") !== wanted) map.setLayoutProperty(id, "visibility", wanted);
    }
    this.showNeighbourhoods();
  }

  /** The outlines of the neighbourhoods: of the street drilled to, or of all where they are coloured. */
  showNeighbourhoods() {
    const { areas, paint, view } = this;
    const here = view.area === null ? undefined : areas.fid(view.area);
    const street = here === undefined ? undefined : areas.above(here, "street");
    const parent = street === undefined ? "" : areas.codes[street];
    const wanted = paint.geometry === "neighbourhood" ? ["has", "parent"] : ["==", ["get", "parent"], parent];
    const text = JSON.stringify(wanted);
    if (this.shown["neighbourhood-line"] === text) return;
    this.filter("neighbourhood-line", wanted, wanted[0] === "has" || parent !== "");
    this.shown["neighbourhood-line"] = text;
  }

  /** Lay a filter on a line, and draw it only where it lets something through: a source that nobody draws loads no tile. */
  filter(id, wanted, isSeen) {
    if (isSeen) this.add(id);
    else if (!this.map.getLayer(id)) return;
    this.map.setFilter(id, wanted);
    this.map.setLayoutProperty(id, "visibility", isSeen ? "visible" : "none");
  }

  outline(kind, code) {
    const fid = code === null || code === undefined ? undefined : this.areas.fid(code);
    const level = fid === undefined ? null : this.areas.level(fid);
    for (const one of LEVELS) {
      const wanted = one === level ? fid : -1;
      const id = `${kind}-${one}`;
      if (this.shown[id] === wanted) continue;
      this.filter(id, ["==", ["get", "fid"], wanted], wanted !== -1);
      this.shown[id] = wanted;
    }
  }

  /** Whether something is drawn the first time for these reasons. */
  isNew(what, ...reasons) {
    const text = reasons.join("|");
    if (this.shown[what] === text) return false;
    this.shown[what] = text;
    return true;
  }

  async drawLabels() {
    const { areas, view, streets, paint, state } = this;
    const { area, lang, theme } = view;
    const near = this.map.getZoom() >= codesFrom(this.config);
    if (!this.isNew("labels", this.stateTaken, this.pointsTaken, areas.version, paint.name, area, lang, theme, near)) return;
    const current = state && state.layer === paint.name ? state : null;
    const isRead = near && (!this.config.wall || this.config.scale >= 1.8);
    const found = {
      names: names({ areas, view, streets, paint, state: current, target: this.config.target, brief: Boolean(this.config.names) }),
      codes: isRead ? codes({ areas, paint, state: current, inkOf: (one) => this.codeInk(one) }) : NOTHING,
    };
    const changed = Object.entries(found).filter(([id, data]) => {
      const text = JSON.stringify(data);
      if (this.shown[id] === text) return false;
      this.shown[id] = text;
      return true;
    });
    if (!changed.length) return;
    await readyFonts(changed.map(([, data]) => data));
    for (const [id, data] of changed) if (this.shown[id] === JSON.stringify(data)) this.map.getSource(id)?.setData(data);
  }

  /** Dark on the one light class, white on the others. Source: design.md 4, order 4. */
  codeInk(one) {
    if (one.color === "cov-due") return { ink: "#3B2B00", halo: "rgba(0,0,0,0)" };
    if (one.pattern) {
      const dark = this.view.theme === "dark";
      return { ink: dark ? "#E9E8FF" : "#4A3376", halo: dark ? "rgba(10,15,20,0.6)" : "rgba(255,255,255,0.85)" };
    }
    return { ink: "#FFFFFF", halo: "rgba(0,0,0,0)" };
  }

  look(picked) {
    const { view } = this;
    const at = `${view.area || ""}`;
    if (this.shown.area === undefined) this.shown.area = this.config.area || "";
    if (this.shown.area !== at) {
      this.shown.area = at;
      this.shown.select = view.select;
      this.lookAt(view.area);
    } else if (this.shown.select !== view.select) {
      this.shown.select = view.select;
      if (picked?.box && this.config.home && this.sees(picked.box)) { /* A list beside the map: what is in view stays where it is. */ } else if (picked?.box && !this.ownMove) this.lookCloser(picked.box);
      else if (picked?.box) this.lookCloser(picked.box, true);
    }
    this.ownMove = false;
  }

  lookAt(code) {
    const fid = code ? this.areas.fid(code) : undefined;
    const box = fid === undefined ? this.config.bounds : this.areas.box(fid);
    if (box) glide(this.map, fitted(box, this.holder.getBoundingClientRect(), this.padding(), 16));
  }

  /** Bring what is selected into view, large enough; after a click on the map only where it is too small. */
  lookCloser(box, onlyIfSmall = false) {
    const [low, high] = [this.map.project([box[0], box[1]]), this.map.project([box[2], box[3]])];
    const isPoint = box[0] === box[2];
    const tiny = isPoint ? this.map.getZoom() < 12.5 : Math.max(high.x - low.x, low.y - high.y) < LEAST_PX;
    if (onlyIfSmall && !tiny) return;
    const size = this.holder.getBoundingClientRect();
    const camera = fitted(box, size, this.padding(), 15);
    const zoom = Math.max(this.map.getZoom(), isPoint ? 14 : Math.min(camera.zoom - 1.6, 15));
    glide(this.map, { center: camera.center, zoom });
  }

  /** Whether the middle of a box lies on the canvas, and the canvas is large enough to find it there. */
  sees(box) {
    return this.holder.clientWidth >= 600 && this.map.getBounds().contains([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]);
  }

  home() {
    this.lookAt(this.view.area);
  }

  /** What of the canvas is covered: by the wall's columns, or by the legend and the buttons. */
  padding() {
    const { width, height, bottom } = this.holder.getBoundingClientRect();
    const given = this.config.padding;
    if (given) {
      // In a meeting's small map no name may lie under the foot.
      const below = this.config.room && this.foot.offsetHeight ? bottom - this.foot.getBoundingClientRect().top + 4 : 0;
      return { top: given.top * height, bottom: Math.max(given.bottom * height, below), left: given.left * width, right: given.right * width };
    }
    const least = Math.min(width, height) * 0.04;
    const isNarrow = width < 600;
    const foot = isNarrow ? 0 : this.foot.offsetHeight;
    const side = isNarrow ? 0 : this.controls.element.offsetWidth;
    return { top: least, bottom: least + foot, left: least + (width > 760 ? side : 0), right: least + side };
  }

  /** How many points of each layer lie in an area: `[{ title, n, unit }]`. */
  countedIn(fid) {
    this.counted ??= this.count();
    return this.layers.filter((layer) => layer.geometry === "point" && this.view.points.includes(layer.name)).map((layer) => ({
      title: layer.title, unit: layer.count_unit, n: this.counted[layer.name]?.get(fid) || 0,
    }));
  }

  count() {
    const found = {};
    for (const [name, points] of Object.entries(this.points)) {
      const number = (found[name] = new Map());
      const add = (fid, n) => {
        if (fid === undefined) return;
        const above = [fid, this.areas.above(fid, "neighbourhood"), this.areas.above(fid, "street")];
        for (const one of new Set(above)) if (one !== undefined) number.set(one, (number.get(one) || 0) + n);
      };
      if (points.merged) points.merged.at.forEach((fid, at) => add(fid, points.merged.count[at]));
      else for (const at of points.present()) add(this.areas.fid(points.area(at)), 1);
    }
    return found;
  }

  note(error) {
    this.lastError = error?.message || String(error);
  }

  // For tests and benchmarks.

  /** The key of the class that an area has in the present answer; "neutral" when it has none. */
  classOf(code) {
    const at = (this.areas?.fid(code) ?? -1) - (this.state?.first ?? 0);
    const cls = this.state?.classes[at];
    return this.paint.classes[cls]?.key ?? "neutral";
  }

  /** The key of the class that the engine draws an area with: read back from the vertices of its tiles. */
  drawnClassOf(code) {
    const fid = this.areas.fid(code);
    const drawn = statesOf(this.map, "areas").drawnCode(this.areas.level(fid), fid);
    if (Number.isNaN(drawn)) return "otherwise";
    return drawn === undefined ? "unset" : classOfCode(this.paint, drawn)?.key ?? "neutral";
  }

  useEngineStates() {
    giveBack(this.map, "areas");
    this.colour();
  }

  whenIdle() {
    return new Promise((resolve) => {
      this.map.once("idle", () => resolve(this));
      this.map.triggerRepaint();
    });
  }

  loseContext() {
    const gl = this.map.getCanvas().getContext("webgl2");
    this.losing = gl.getExtension("WEBGL_lose_context");
    this.losing.loseContext();
  }

  restoreContext() {
    this.losing.restoreContext();
  }
}

function geojson() {
  return { type: "geojson", data: NOTHING };
}
