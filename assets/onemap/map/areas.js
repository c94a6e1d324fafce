// The register of areas of a geometry version: codes, names, label points and boxes, in fid order.

import { NOWHERE, get, unpack } from "./wire.js";

const DEGREES = 1e6;

export class Areas {
  constructor(body) {
    const { head, arrays } = unpack(body);
    this.version = head.version;
    this.levels = head.levels;
    this.drawn = new Set(head.drawn);
    this.priority = new Set(head.priority);
    this.codes = head.codes;
    this.head = head;
    this.arrays = arrays;
    this.places = null;
  }

  static async load(base, version, day) {
    const { body } = await get(`${base}areas/${version}?as_of=${day}`);
    return new Areas(body);
  }

  /** The fid of a code, or undefined. */
  fid(code) {
    this.places ??= new Map(this.codes.map((one, fid) => [one, fid]));
    return this.places.get(code);
  }

  level(fid) {
    for (const [level, [first, count]] of Object.entries(this.levels)) {
      if (fid >= first && fid < first + count) return level;
    }
    return undefined;
  }

  has(level) {
    return this.drawn.has(level);
  }

  name(fid, lang, short = false) {
    const code = this.codes[fid];
    if (lang === "en") return this.head.names_en[fid] || this.head.names[fid] || code;
    return (short && this.head.short[fid]) || this.head.names[fid] || code;
  }

  /** ★ before the name of a 重点村居, nothing before any other. */
  mark(fid) {
    return this.priority.has(fid) ? "★" : "";
  }

  label(fid) {
    return this.point("lon", "lat", fid);
  }

  box(fid) {
    const low = this.point("west", "south", fid);
    const high = this.point("east", "north", fid);
    return low && high ? [low[0], low[1], high[0], high[1]] : null;
  }

  /** The fid of the street or neighbourhood that an area lies in (itself at that level). */
  above(fid, level) {
    if (this.level(fid) === level) return fid;
    const found = this.arrays[level]?.[fid];
    return found === undefined || found === NOWHERE ? undefined : found;
  }

  isInside(fid, area) {
    return fid === area || this.above(fid, "street") === area || this.above(fid, "neighbourhood") === area;
  }

  point(lon, lat, fid) {
    const [x, y] = [this.arrays[lon][fid], this.arrays[lat][fid]];
    return x === undefined || x === NOWHERE || y === NOWHERE ? null : [x / DEGREES - 180, y / DEGREES - 180];
  }
}
