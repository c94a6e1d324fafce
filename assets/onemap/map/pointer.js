// What the pointer, the finger and the keyboard do on the map: hover, click, drill.

import { areaContent, pointContent } from "./card.js";
import { filled } from "./dom.js";
import { go } from "./view.js";
import { ABSENT, MISSING } from "./wire.js";

const REACH_PX = 4;

export class Pointer {
  constructor(owner) {
    this.owner = owner;
    this.pending = false;
  }

  listen() {
    const { map, element } = this.owner;
    map.on("mousemove", (event) => this.soon(event.point));
    map.on("mouseout", () => this.leave());
    map.on("click", (event) => this.click(event.point));
    map.on("movestart", () => this.owner.card.hover(null));
    map.on("move", () => this.owner.card.follow(map));
    map.on("moveend", () => { if (element.classList.contains("is-keyboard")) this.hover(this.centre()); });
    const canvas = map.getCanvas();
    canvas.addEventListener("keydown", (event) => {
      if (/^(Arrow|[+\-=_]$)/.test(event.key)) element.classList.add("is-keyboard");
      else if (event.key === "Enter") {
        element.classList.add("is-keyboard");
        this.click(this.centre());
        event.preventDefault();
      }
    });
    canvas.addEventListener("blur", () => this.leaveKeyboard());
    canvas.addEventListener("pointerdown", () => this.leaveKeyboard());
  }

  leaveKeyboard() {
    if (!this.owner.element.classList.contains("is-keyboard")) return;
    this.owner.element.classList.remove("is-keyboard");
    this.leave();
  }

  centre() {
    const { clientWidth, clientHeight } = this.owner.map.getCanvas();
    return { x: clientWidth / 2, y: clientHeight / 2 };
  }

  soon(point) {
    this.last = point;
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      if (this.last) this.hover(this.last);
    });
  }

  leave() {
    this.last = null;
    this.owner.card.hover(null);
    this.owner.map.getCanvas().style.cursor = "";
  }

  /** What lies at a point of the screen: a point of a layer, or the area below; null for nothing. */
  at({ x, y }) {
    const { map, view, paint, layers } = this.owner;
    if (!map.style || !this.owner.drawn) return null;
    const shown = layers.filter((layer) => layer.geometry === "point" && view.points.includes(layer.name));
    const ids = shown.flatMap(({ name }) => [name, `${name}-merged`]).filter((id) => map.getLayer(id));
    const box = [[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]];
    for (const found of map.queryRenderedFeatures(box, { layers: ids })) {
      const name = found.layer.id.replace(/-merged$/, "");
      const points = this.owner.points[name];
      if (points.classes[found.id] !== undefined && points.classes[found.id] !== ABSENT) return { points, at: found.id };
    }
    const fill = `${paint.geometry}-fill`;
    const [area] = map.queryRenderedFeatures([x, y], { layers: [fill].filter((id) => map.getLayer(id)) });
    return area ? { fid: area.properties.fid } : null;
  }

  hover(point) {
    const found = this.at(point);
    this.owner.map.getCanvas().style.cursor = found ? "pointer" : "";
    const content = found && this.content(found);
    this.owner.card.hover(content && !this.isPinned(found) ? content : null, point);
  }

  isPinned(found) {
    return Boolean(this.owner.view.select) && this.owner.view.select === this.selection(found);
  }

  selection(found) {
    const { areas, paint } = this.owner;
    if (found.points) return `${found.points.layer.kind}:${found.points.id(found.at)}`;
    return `${paint.kind}:${areas.codes[found.fid]}`;
  }

  content(found) {
    const { areas, view, words } = this.owner;
    if (found.points) return this.pointContent(found.points, found.at);
    const { state, paint } = this.owner;
    const at = state ? found.fid - state.first : -1;
    const known = state && state.level === paint.geometry && at >= 0 && at < state.classes.length;
    const cls = known && state.classes[at] !== ABSENT ? state.classes[at] : null;
    const value = cls !== null && state.values[at] !== MISSING ? state.values[at] / (paint.unit === "%" ? 10 : 1) : null;
    const street = areas.above(found.fid, "street");
    const name = areas.name(found.fid, view.lang);
    return areaContent({
      words, layer: paint, cls, value, cycle: view.cycle,
      name: paint.geometry === "neighbourhood" && street !== undefined ? `${name} · ${areas.name(street, view.lang, true)}` : name,
      counted: this.owner.countedIn(found.fid), missing: known ? words.outside : words.noAnswer,
    });
  }

  pointContent(points, at) {
    const { view, words, areas, config } = this.owner;
    const layer = this.owner.layers.find((one) => one.name === points.layer.name);
    const value = points.value(at);
    const one = layer.classes[points.classes[at]];
    const shared = Boolean(points.merged);
    const name = shared ? areas.name(points.merged.at[at], view.lang) : points.name(at);
    const facts = shared ? [] : layer.facts.map((fact) => {
      const found = points.fact(fact.field, at);
      if (found === null || found === "") return "";
      return fact.words ? config.words[view.lang].vocabulary[fact.words]?.[found] || String(found) : `${fact.header} ${found}${fact.unit ? ` ${fact.unit}` : ""}`;
    }).filter(Boolean);
    return pointContent({ layer, one, value, name, facts, count: shared ? points.merged.count[at] : 1, words });
  }

  click(point) {
    const found = this.at(point);
    if (!found || this.owner.config.wall) return;
    if (this.owner.config.pick) {
      const { areas } = this.owner;
      if (found.fid !== undefined) document.dispatchEvent(new CustomEvent("onemap:pick", { detail: { code: areas.codes[found.fid], level: areas.level(found.fid) } }));
      return;
    }
    this.owner.ownMove = true;
    if (found.points) {
      if (!found.points.merged) go({ select: this.selection(found) });
      return;
    }
    this.drill(found.fid);
  }

  /** 全区 > 街镇 > 村居 or 网格: a click goes one level down, a second click on what is selected into it. */
  drill(fid) {
    const { areas, view, config } = this.owner;
    if (config.home) {
      if (areas.isInside(fid, areas.fid(view.area))) go({ select: `${areas.level(fid)}:${areas.codes[fid]}` });
      return;
    }
    const street = areas.above(fid, "street");
    const here = view.area === null ? undefined : areas.fid(view.area);
    const level = areas.level(fid);
    if (here === undefined || (street !== undefined && street !== areas.above(here, "street"))) {
      go({ area: areas.codes[street ?? fid], select: null });
    } else if (level === "grid") {
      const selection = `grid:${areas.codes[fid]}`;
      if (view.select === selection) go({ area: areas.codes[fid], select: null });
      else go({ select: selection, ...(areas.isInside(fid, here) ? {} : { area: areas.codes[street] }) });
    } else {
      go({ area: areas.codes[fid], select: null });
    }
  }

  /** The card of what the URL selects, with its place; null when nothing of it is here. */
  pinned() {
    const { view, areas, layers, words, paint } = this.owner;
    if (!view.select) return null;
    const [kind, id] = [view.select.slice(0, view.select.indexOf(":")), view.select.slice(view.select.indexOf(":") + 1)];
    const close = () => go({ select: null });
    const layer = layers.find((one) => one.geometry === "point" && one.kind === kind);
    if (layer) {
      const points = this.owner.points[layer.name];
      const at = points.merged ? -1 : points.at(id);
      const place = at >= 0 && points.classes[at] !== ABSENT ? points.place(at) : null;
      return place && { place, content: { ...this.pointContent(points, at), close }, box: [...place, ...place] };
    }
    const fid = areas.fid(id);
    if (fid === undefined || !areas.label(fid)) return null;
    const content = areas.level(fid) === paint.geometry ? this.content({ fid }) : { title: areas.name(fid, view.lang), badge: "", lines: [] };
    const link = { text: filled(words.open, { level: words.levels[areas.level(fid)] }), go: () => go({ area: id, select: null }) };
    return { place: areas.label(fid), content: { ...content, link, close }, fid, box: areas.box(fid) };
  }
}
