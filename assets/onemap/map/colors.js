// One small number for each (theme, look), so that a change of theme or layer moves states only.
//
// An expression that changes makes the engine cut every tile again; a state does not. Classes of two
// area layers that look alike share a number, so that a change of layer leaves their areas alone. The
// numbers are dense: the engine looks one up for every area, and a dense table is an array.

import { NONE } from "./states.js";
import { ABSENT } from "./wire.js";

const THEMES = ["dark", "light"];
const NEUTRAL = { color: "neutral", pattern: "" };

/** Give each class its number: by its look for areas, one of its own for points. */
export function numberLayers(layers) {
  const looks = new Map();
  const numberOf = (one) => {
    const look = `${one.color} ${one.pattern}`;
    if (!looks.has(look)) looks.set(look, looks.size);
    return looks.get(look);
  };
  numberOf(NEUTRAL);
  for (const layer of layers) {
    layer.numbers = layer.classes.map((one, cls) => (layer.geometry === "point" ? cls + 1 : numberOf(one)));
  }
  for (const layer of layers) layer.perTheme = layer.geometry === "point" ? layer.classes.length + 1 : looks.size;
}

export function codeOf(theme, layer, cls) {
  return THEMES.indexOf(theme) * layer.perTheme + (cls === ABSENT ? 0 : layer.numbers[cls] ?? 0);
}

/** The numbers of classes; a point that is not in the answer has none. */
export function codesOf(theme, layer, classes) {
  const byClass = Int16Array.from({ length: 256 }, (_, cls) => codeOf(theme, layer, cls));
  if (layer.geometry === "point") byClass[ABSENT] = NONE;
  const codes = new Int16Array(classes.length);
  for (let at = 0; at < classes.length; at += 1) codes[at] = byClass[classes[at]];
  return codes;
}

/** The class of a number of a layer, or null for an area without an answer. */
export function classOfCode(layer, code) {
  return layer.classes[layer.numbers.indexOf(code % layer.perTheme)] || null;
}

export function colorOf(config, token, theme) {
  return config.colors[token][THEMES.indexOf(theme)];
}

/** A colour for every (theme, look) of the area layers; areas without a state are neutral. */
export function areaColors(config, layers) {
  const found = ["match", ["feature-state", "c"]];
  for (const theme of THEMES) {
    const colors = new Map([[codeOf(theme, layers[0], ABSENT), colorOf(config, "neutral", theme)]]);
    for (const layer of layers) {
      layer.classes.forEach((one, cls) => {
        const color = colorOf(config, one.color, theme);
        colors.set(codeOf(theme, layer, cls), one.pattern ? faded(color, theme === "dark" ? 0.3 : 0.34) : color);
      });
    }
    for (const pair of colors) found.push(...pair);
  }
  found.push(colorOf(config, "neutral", "dark"));
  return found;
}

/** 1 for the classes that carry the pattern, else 0. */
export function patterned(layers) {
  const codes = new Set(THEMES.flatMap((theme) => layers.flatMap((layer) => layer.classes
    .flatMap((one, cls) => (one.pattern ? [codeOf(theme, layer, cls)] : [])))));
  return ["match", ["feature-state", "c"], [...codes], 1, 0];
}

/** A property of the classes of a point layer, by state: `pick(class, theme)`; absent points give `none`. */
export function pointStates(layer, pick, none) {
  const found = ["match", ["feature-state", "c"]];
  for (const theme of THEMES) {
    layer.classes.forEach((one, cls) => found.push(codeOf(theme, layer, cls), pick(one, theme)));
  }
  found.push(none);
  return found;
}

export function faded(color, opacity) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${opacity})`;
}
