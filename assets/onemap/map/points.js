// Points: their places cross the wire once, their classes follow each question.

import { codesOf } from "./colors.js";
import { statesOf } from "./states.js";
import { NOTHING, isPart } from "./style.js";
import { inks } from "./symbols.js";
import { ABSENT, MISSING } from "./wire.js";

const DEGREES = 1e6;

/** One point layer: where its points stand, what class each has now. */
export class PointLayer {
  constructor(layer, config) {
    this.layer = layer;
    this.config = config;
    this.places = null;
    this.classes = new Uint8Array(0);
    this.values = new Int16Array(0);
    this.labels = [];
    this.merged = null;
    this.forget();
  }

  /** The engine has lost our source's data. */
  forget() {
    this.placed = null;
    this.drawnAs = null;
  }

  take(about, arrays) {
    const of = (field) => arrays[`${this.layer.name}.${field}`];
    this.classes = of("class");
    this.values = of("value");
    this.drawnAs = null;
    this.merged = of("at") ? { at: of("at"), count: of("count") } : null;
    this.labels = [];
    if (about.labels) {
      let next = 0;
      this.classes.forEach((cls, at) => { if (cls !== ABSENT) this.labels[at] = about.labels[next++]; });
    }
  }

  /** Indices of the points that are in the answer. */
  present() {
    const found = [];
    this.classes.forEach((cls, at) => { if (cls !== ABSENT) found.push(at); });
    return found;
  }

  id(at) {
    return this.places?.ids[at];
  }

  name(at) {
    return this.places?.labels[at];
  }

  at(id) {
    return this.places ? this.places.ids.indexOf(id) : -1;
  }

  place(at) {
    const { lon, lat } = this.places || {};
    return lon && lon[at] !== null && lon[at] !== undefined ? [lon[at] / DEGREES, lat[at] / DEGREES] : null;
  }

  area(at) {
    const { of, at: which } = this.places?.areas || { of: [], at: [] };
    return of[which[at]] ?? null;
  }

  fact(field, at) {
    const { of, at: which } = this.places?.facts[field] || { of: [], at: [] };
    return of[which[at]] ?? null;
  }

  value(at) {
    return this.values[at] === MISSING ? null : this.values[at];
  }

  draw(map, areas, theme, shown) {
    const { name, shape } = this.layer;
    const as = `${theme}|${shown}|${areas.version}|${this.places?.version}`;
    if (as === this.drawnAs) return;
    this.drawnAs = as;
    for (const id of [name, `${name}-ring`, `${name}-merged`]) {
      const wanted = shown && isPart(this.layer, id, this.merged) ? "visible" : "none";
      if (map.getLayer(id) && map.getLayoutProperty(id, "visibility") !== wanted) map.setLayoutProperty(id, "visibility", wanted);
    }
    if (!shown) return;
    if (this.merged) this.drawMerged(map, areas, theme);
    else if (!this.places) map.getSource(name)?.setData(NOTHING);
    else if (shape === "dot") this.drawDots(map, theme);
    else map.getSource(name).setData(this.collection(this.present().map((at) => this.symbol(at, this.place(at), theme))));
  }

  drawDots(map, theme) {
    const { name } = this.layer;
    if (this.placed !== this.places) {
      const features = this.places.ids.map((_, at) => this.feature(at, this.place(at), {})).filter(Boolean);
      map.getSource(name).setData({ type: "FeatureCollection", features });
      this.placed = this.places;
    }
    statesOf(map, name).set(undefined, 0, codesOf(theme, this.layer, this.classes));
  }

  drawMerged(map, areas, theme) {
    const { at, count } = this.merged;
    const features = Array.from(at, (fid, index) => {
      const place = areas.label(fid);
      if (this.layer.shape !== "dot") return this.symbol(index, place, theme);
      return this.feature(index, place, { count: count[index] });
    });
    map.getSource(this.layer.shape === "dot" ? `${this.layer.name}-merged` : this.layer.name).setData(this.collection(features));
  }

  symbol(at, place, theme) {
    const one = this.layer.classes[this.classes[at]];
    const value = this.value(at);
    const text = this.labels[at] || (value === null ? "" : String(value));
    return this.feature(at, place, { class: one.key, weight: one.weight, text, ink: inks(this.config, one, theme).text });
  }

  feature(at, place, properties) {
    return place && { type: "Feature", id: at, properties, geometry: { type: "Point", coordinates: place } };
  }

  collection(features) {
    return { type: "FeatureCollection", features: features.filter(Boolean) };
  }
}
