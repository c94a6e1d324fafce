// One small number for each (theme, layer, class), so that a change of theme or layer moves states only.
//
// An expression that changes makes the engine cut every tile again; a state does not. The numbers
// are dense: the engine looks each of them up for every area, and a dense table is an array.

import { ABSENT } from "./wire.js";

const THEMES = ["dark", "light"];

/** Give each layer its range of numbers; the last of a range is for areas without an answer. */
export function numberLayers(layers) {
  let next = 0;
  for (const layer of layers) {
    layer.from = next;
    next += layer.classes.length + 1;
  }
  for (const layer of layers) layer.perTheme = next;
}

export function codeOf(theme, layer, cls) {
  return THEMES.indexOf(theme) * layer.perTheme + layer.from + (cls === ABSENT ? layer.classes.length : cls);
}

/** The class of a number of a layer, or null for an area without an answer. */
export function classOfCode(layer, code) {
  return layer.classes[(code % layer.perTheme) - layer.from] || null;
}

export function colorOf(config, token, theme) {
  return config.colors[token][THEMES.indexOf(theme)];
}

/** A colour for every (theme, class) of the layers; areas without a state are neutral. */
export function areaColors(config, layers) {
  const found = ["match", ["feature-state", "c"]];
  for (const theme of THEMES) {
    for (const layer of layers) {
      layer.classes.forEach((one, cls) => {
        const color = colorOf(config, one.color, theme);
        found.push(codeOf(theme, layer, cls), one.pattern ? faded(color, theme === "dark" ? 0.3 : 0.34) : color);
      });
      found.push(codeOf(theme, layer, ABSENT), colorOf(config, "neutral", theme));
    }
  }
  found.push(colorOf(config, "neutral", "dark"));
  return found;
}

/** 1 for the classes that carry the pattern, else 0. */
export function patterned(layers) {
  const codes = THEMES.flatMap((theme) => layers.flatMap((layer) => layer.classes
    .flatMap((one, cls) => (one.pattern ? [codeOf(theme, layer, cls)] : []))));
  return ["match", ["feature-state", "c"], codes, 1, 0];
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
