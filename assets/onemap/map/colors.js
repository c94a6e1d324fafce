// One number for each (theme, layer, class), so that a change of theme or layer moves states only.
//
// An expression that changes makes the engine cut every tile again; a state does not.

import { ABSENT } from "./wire.js";

const PER_THEME = 8192;
const PER_LAYER = 256;
const THEMES = ["dark", "light"];

export function codeOf(theme, layer, cls) {
  return THEMES.indexOf(theme) * PER_THEME + layer.at * PER_LAYER + cls;
}

export function colorOf(config, token, theme) {
  return config.colors[token][THEMES.indexOf(theme)];
}

/** A colour for every (theme, class) of the layers; areas without a state are neutral. */
export function areaColors(config, layers) {
  const found = ["match", ["number", ["feature-state", "c"], -1]];
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

/** A property of the classes of a point layer, by state: `pick(class, theme)`; absent points give `none`. */
export function pointStates(layer, pick, none) {
  const found = ["match", ["number", ["feature-state", "c"], -1]];
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
