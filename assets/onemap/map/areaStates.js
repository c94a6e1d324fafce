// Colours areas: writes the state of those that changed, and all of them after the context was lost.

import { codeOf } from "./colors.js";

export class AreaStates {
  constructor(map) {
    this.map = map;
    this.forget();
  }

  /** The engine has lost its states. */
  forget() {
    this.written = {};
  }

  /** Give each area of a level its class; says how many were written. */
  paint(level, layer, theme, first, classes) {
    const known = this.written[level]?.length === classes.length ? this.written[level] : null;
    const codes = known || new Int32Array(classes.length).fill(-1);
    const byClass = new Int32Array(256);
    for (let cls = 0; cls < 256; cls += 1) byClass[cls] = codeOf(theme, layer, cls);
    const target = { source: "areas", sourceLayer: level, id: 0 };
    const state = { c: 0 };
    let written = 0;
    for (let at = 0; at < classes.length; at += 1) {
      const code = byClass[classes[at]];
      if (codes[at] === code) continue;
      codes[at] = code;
      target.id = first + at;
      state.c = code;
      this.map.setFeatureState(target, state);
      written += 1;
    }
    this.written[level] = codes;
    return written;
  }
}
