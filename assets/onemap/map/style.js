// The style of the map: sources and layers from the declarations; colours follow states.

import { areaColors, colorOf, faded, patterned, pointStates } from "./colors.js";
import { BASE } from "./symbols.js";

const OVER_BASEMAP = 0.68;
export const LEVELS = ["street", "neighbourhood", "grid"];
// The engine reads the weight from the name of the first family and falls to the next for its glyphs.
const FONT_NAME = ["Names Semibold", "Noto Sans SC Variable", "Noto Sans SC", "Microsoft YaHei"];
const FONT_NUM = ["Numerals Semibold", "Barlow Semi Condensed", "Noto Sans SC Variable"];
export const NOTHING = { type: "FeatureCollection", features: [] };

/** Colours of lines and words by theme. Source: design tokens, symbology. */
const INK = {
  dark: {
    base: "#101921", gridLine: "#0B2A31", hoodLine: "#7FA3AE", hoodOpacity: 0.34, streetLine: "#E6F0F6", streetOpacity: 0.62,
    focus: "#FFFFFF", casing: "#FFFFFF", accent: "#8FD0F5", name: "#F2F6F9", percent: "#D5E0E8", low: "#FF9A80",
    halo: "#0A0F14", haloOpacity: 0.82, dot: "#EAF3F8", dotOpacity: 0.72, outline: "#0A0F14", code: "#FFFFFF",
    plinth: ["#123641", "#1B5766"],
  },
  light: {
    base: "#E9EDEC", gridLine: "#FFFFFF", hoodLine: "#5F7A80", hoodOpacity: 0.4, streetLine: "#2A3944", streetOpacity: 0.6,
    focus: "#15202A", casing: "#FFFFFF", accent: "#0B5CAD", name: "#15202A", percent: "#43515C", low: "#B2360F",
    halo: "#FFFFFF", haloOpacity: 0.92, dot: "#15202A", dotOpacity: 0.6, outline: "#FFFFFF", code: "#15202A",
    plinth: ["#C6CFCE", "#B9C4C3"],
  },
};

export function ink(theme) {
  return INK[theme];
}

export function sources(tiles, [minzoom, maxzoom], bounds) {
  const vector = { type: "vector", tiles, minzoom, maxzoom, promoteId: "fid", ...(bounds ? { bounds } : {}) };
  // The second source draws outlines by filter; a new filter never disturbs the states of the first.
  return { areas: vector, outlines: { ...vector } };
}

/** Which layers of the areas a paint shows. A style that begins so is never cut twice. */
export function isShown(id, paint) {
  if (id.endsWith("-fill")) return id === `${paint.geometry}-fill`;
  if (id.endsWith("-hatch")) return id === `${paint.geometry}-hatch` && paint.classes.some((one) => one.pattern);
  return id !== "grid-line" || paint.geometry === "grid";
}

export function areaLayers(config, theme, paint) {
  const paints = config.layers.filter((layer) => layer.geometry !== "point");
  const colors = INK[theme];
  const layers = [];
  if (config.wall) layers.push(...plinth(colors));
  if (!config.basemap) {
    layers.push({
      id: "base", type: "fill", source: "areas", "source-layer": "street",
      paint: { "fill-color": colors.base, "fill-antialias": false },
    });
  }
  for (const level of LEVELS) {
    const drawn = paints.filter((layer) => layer.geometry === level);
    if (!drawn.length) continue;
    const seen = (id) => ({ visibility: isShown(id, paint) ? "visible" : "none" });
    // Stripes lie below; only a class that is drawn see-through lets them be seen. One layer with
    // a state is half the work of two. Over a basemap every class is see-through, so they need it.
    if (drawn.some((layer) => layer.classes.some((one) => one.pattern))) {
      layers.push({
        id: `${level}-hatch`, type: "fill", source: "areas", "source-layer": level, layout: seen(`${level}-hatch`),
        paint: { "fill-pattern": "hatch", "fill-antialias": false, ...(config.basemap ? { "fill-opacity": patterned(drawn) } : {}) },
      });
    }
    layers.push({
      id: `${level}-fill`, type: "fill", source: "areas", "source-layer": level, layout: seen(`${level}-fill`),
      paint: {
        "fill-color": areaColors(config, drawn), "fill-opacity": config.basemap ? OVER_BASEMAP : 1,
        // Lines are drawn over every edge; an outline that follows the fill would double the work of a state.
        "fill-antialias": false, "fill-outline-color": "rgba(0,0,0,0)",
      },
    });
  }
  layers.push(
    line("grid-line", isShown("grid-line", paint), "grid", colors.gridLine, 1, ["interpolate", ["linear"], ["zoom"], 9, 0.5, 10, 0.9, 13, 1.2, 15, 2]),
    {
      id: "neighbourhood-line", type: "line", source: "outlines", "source-layer": "neighbourhood",
      filter: ["==", ["get", "parent"], ""], layout: { "line-join": "round", visibility: "none" },
      paint: {
        "line-color": colors.hoodLine, "line-opacity": colors.hoodOpacity, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 14, 1.4],
      },
    },
    line("street-line", true, "street", colors.streetLine, colors.streetOpacity, ["interpolate", ["linear"], ["zoom"], 9, 1.7, 12, 2]),
  );
  for (const level of LEVELS) layers.push(outline(`focus-${level}`, level, colors.focus, 3));
  for (const level of LEVELS) {
    layers.push(outline(`casing-${level}`, level, colors.casing, 7), outline(`select-${level}`, level, colors.accent, 3.5));
  }
  return layers;
}

function plinth(colors) {
  const steps = [16, 14, 12, 10, 8, 6, 4, 2];
  return steps.map((down, at) => ({
    id: `plinth-${down}`, type: "fill", source: "areas", "source-layer": "street", maxzoom: 12,
    paint: {
      "fill-color": at === 0 ? colors.plinth[1] : mixed(colors.plinth[1], colors.plinth[0], at / (steps.length - 1)),
      "fill-translate": [0, down], "fill-translate-anchor": "viewport", "fill-antialias": at === 0,
    },
  }));
}

function mixed(from, to, share) {
  const part = (text, at) => parseInt(text.slice(at, at + 2), 16);
  return `#${[1, 3, 5].map((at) => Math.round(part(from, at) * (1 - share) + part(to, at) * share).toString(16).padStart(2, "0")).join("")}`;
}

function line(id, on, level, color, opacity, width) {
  return {
    id, type: "line", source: "areas", "source-layer": level, layout: { "line-join": "round", visibility: on ? "visible" : "none" },
    paint: { "line-color": color, "line-opacity": opacity, "line-width": width },
  };
}

function outline(id, level, color, width) {
  return {
    id, type: "line", source: "outlines", "source-layer": level, filter: ["==", ["get", "fid"], -1],
    layout: { "line-join": "round", visibility: "none" }, paint: { "line-color": color, "line-width": width },
  };
}

/** The layers of a point layer; each has a GeoJSON source of its own name, and is drawn once it has points. */
export function pointLayers(layer, config, theme) {
  const drawn = layer.shape === "dot" ? dots(layer, config, theme) : [symbols(layer, config)];
  return drawn.filter(({ id }) => isPart(layer, id, config.shared)).map((one) => ({ ...one, layout: { ...one.layout, visibility: "none" } }));
}

/** Whether a style layer draws a point layer's points, merged per area or as they are. */
export function isPart(layer, id, merged) {
  return layer.shape !== "dot" || id.endsWith("-merged") === Boolean(merged);
}

function symbols(layer, config) {
  const size = zoomed(layer.sizes.map(([zoom, radius]) => [zoom + nearer(config), (radius * config.scale) / BASE[layer.shape]]));
  const symbol = {
    id: layer.name, type: "symbol", source: layer.name, minzoom: layer.min_zoom, maxzoom: layer.max_zoom,
    layout: {
      "icon-image": ["concat", `${layer.name}-`, ["get", "class"]], "icon-size": size, "icon-allow-overlap": true,
      // Only what counts down may push a name aside; hundreds of triangles may not.
      "icon-ignore-placement": layer.shape !== "diamond", "icon-padding": 0, "symbol-sort-key": ["get", "weight"],
    },
    paint: {},
  };
  if (layer.shape === "diamond") {
    Object.assign(symbol.layout, {
      "text-field": ["get", "text"], "text-font": FONT_NUM, "text-allow-overlap": true, "text-padding": 0,
      "text-size": zoomed(layer.sizes.map(([zoom, radius]) => [zoom + nearer(config), radius * 1.02 * config.scale])),
    });
    Object.assign(symbol.paint, { "text-color": ["get", "ink"] });
  }
  return symbol;
}

function dots(layer, config, theme) {
  const colors = INK[theme];
  const byClass = (pick, none) => pointStates(layer, pick, none);
  // Far out every dot is alike; near, the class gives colour and size.
  const color = (far, near) => (layer.color_zoom ? ["step", ["zoom"], far, layer.color_zoom + nearer(config), near] : near);
  const radius = ["interpolate", ["linear"], ["zoom"]];
  for (const [zoom, size] of layer.sizes) {
    const plain = size * config.scale;
    radius.push(zoom + nearer(config), byClass((one) => (zoom < layer.color_zoom ? plain : plain * one.size), 0));
  }
  const stroke = ["interpolate", ["linear"], ["zoom"], 9, 0];
  stroke.push(12, byClass((one) => (one.filled ? 1.2 : 1.6), 0), 15, byClass((one) => (one.filled ? 1.4 : 2), 0));
  const common = { type: "circle", source: layer.name, minzoom: layer.min_zoom, maxzoom: layer.max_zoom };
  const marked = (layer.classes.some((one) => one.ring)) ? [{
    ...common, id: `${layer.name}-ring`,
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 9 + nearer(config), byClass((one) => (one.ring ? 4 * config.scale : 0), 0),
        15 + nearer(config), byClass((one) => (one.ring ? 13 * config.scale : 0), 0)],
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": byClass((one, at) => colorOf(config, one.filled ? one.color : "t3", at), "rgba(0,0,0,0)"),
      "circle-stroke-width": byClass((one) => (one.ring ? 1.8 : 0), 0),
    },
  }] : [];
  return [...marked, {
    ...common, id: layer.name,
    paint: {
      "circle-radius": radius,
      "circle-color": color(
        byClass((_, at) => faded(INK[at].dot, INK[at].dotOpacity), "rgba(0,0,0,0)"),
        byClass((one, at) => (one.filled ? colorOf(config, one.color, at) : INK[at].outline), "rgba(0,0,0,0)"),
      ),
      "circle-stroke-color": byClass((one, at) => (one.filled ? INK[at].outline : colorOf(config, one.color, at)), "rgba(0,0,0,0)"),
      "circle-stroke-width": stroke,
    },
  }, {
    // Where exact points must not leave, one dot an area speaks for all in it.
    id: `${layer.name}-merged`, type: "circle", source: `${layer.name}-merged`,
    paint: {
      "circle-radius": ["*", config.scale, ["min", 9, ["+", 2.2, ["*", 0.85, ["sqrt", ["get", "count"]]]]]],
      "circle-color": faded(colors.dot, colors.dotOpacity), "circle-stroke-width": 0,
    },
  }];
}

function zoomed(pairs) {
  return ["interpolate", ["linear"], ["zoom"], ...pairs.flat()];
}

/** The zoom from which the codes of grids can be read; farther out they are not even made. */
export function codesFrom(config) {
  return config.wall ? 10.5 : 11.2 + nearer(config);
}

/** By how many zooms a large screen stands nearer when it shows the same land: what is drawn there grows with the screen, not twice. */
function nearer(config) {
  return Math.log2(Math.max(1, config.scale));
}

/** Where a name may stand that must leave a ring free: in its place, close by, or beyond the ring, sideways first; in ems, each anchor once. */
const AROUND_RINGS = [
  "center", [0, 0], "top", [0, 0.9], "bottom", [0, -0.9], "left", [1.9, 0], "right", [-1.9, 0],
  "top-left", [-1, 2.2], "bottom-left", [-1, -2.2],
];

export function labelLayers(config, theme) {
  const colors = INK[theme];
  const big = config.names || (config.wall ? 20 : 14) * config.scale;
  return [
    {
      id: "codes", type: "symbol", source: "codes", minzoom: codesFrom(config),
      layout: {
        "text-field": ["get", "text"], "text-font": FONT_NUM,
        "text-size": zoomed([[11, 10 * config.scale], [13, 13 * config.scale], [15, 18 * config.scale]]), "text-padding": 1,
      },
      paint: { "text-color": ["get", "ink"], "text-halo-color": ["get", "halo"], "text-halo-width": 1.2 * Math.max(1, config.scale) },
    },
    {
      id: "names", type: "symbol", source: "names",
      layout: {
        "text-field": ["format", ["get", "name"], {}, ["get", "break"], {}, ["get", "percent"],
          { "text-font": ["literal", FONT_NUM], "text-color": ["get", "tone"], "font-scale": 1.02 }],
        "text-font": FONT_NAME, "text-size": big, "text-line-height": 1.1, "text-padding": 2, "text-max-width": 12,
        ...(config.names ? { "text-variable-anchor-offset": AROUND_RINGS } : { "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 1.1 }),
        "symbol-sort-key": ["get", "rank"],
      },
      paint: {
        "text-color": colors.name, "text-halo-color": faded(colors.halo, colors.haloOpacity), "text-halo-width": 2 * Math.max(1, config.scale),
        "text-opacity": ["get", "opacity"],
      },
    },
  ];
}

/** What of the style depends on the theme and is no state; set without cutting a tile again. */
export function themePaint(map, config, theme) {
  const colors = INK[theme];
  const set = (id, name, value) => map.getLayer(id) && map.setPaintProperty(id, name, value);
  set("base", "fill-color", colors.base);
  set("grid-line", "line-color", colors.gridLine);
  set("neighbourhood-line", "line-color", colors.hoodLine);
  set("neighbourhood-line", "line-opacity", colors.hoodOpacity);
  set("street-line", "line-color", colors.streetLine);
  set("street-line", "line-opacity", colors.streetOpacity);
  for (const level of LEVELS) {
    set(`focus-${level}`, "line-color", colors.focus);
    set(`casing-${level}`, "line-color", colors.casing);
    set(`select-${level}`, "line-color", colors.accent);
  }
  set("names", "text-color", colors.name);
  set("names", "text-halo-color", faded(colors.halo, colors.haloOpacity));
  for (const layer of config.layers) set(`${layer.name}-merged`, "circle-color", faded(colors.dot, colors.dotOpacity));
}
