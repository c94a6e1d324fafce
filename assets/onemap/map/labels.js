// Words on the map: names of streets with their rate, and short codes of the grids that need somebody.

import { ink } from "./style.js";
import { MISSING } from "./wire.js";

const MOST_CODES = 900;

function point(place, properties) {
  return place && { type: "Feature", properties, geometry: { type: "Point", coordinates: place } };
}

/** Street names with 网格按期巡查率; below the district also the names of the neighbourhoods in it. */
export function names({ areas, view, streets, paint, state, target, brief = false }) {
  const colors = ink(view.theme);
  const [first, count] = areas.levels.street || [0, 0];
  const here = view.area === null ? undefined : areas.fid(view.area);
  const street = here === undefined ? undefined : areas.above(here, "street");
  const features = [];
  for (let at = 0; at < count; at += 1) {
    if (street === first + at) continue;
    const tenths = streets?.values[at];
    const known = tenths !== undefined && tenths !== MISSING;
    const rate = known ? tenths / 10 : null;
    const percent = known ? `${rate === 100 ? "100" : rate.toFixed(1)}%` : "";
    features.push(point(areas.label(first + at), {
      name: shortened(areas.name(first + at, view.lang, view.lang !== "en"), brief), percent, break: percent ? "\n" : "",
      tone: known && rate < target.low * 100 ? colors.low : colors.percent,
      opacity: street === undefined ? 1 : 0.45,
      rank: known ? rate : 200,
    }));
  }
  if (paint.geometry === "neighbourhood" && street !== undefined && areas.levels.neighbourhood) {
    const [begin, many] = areas.levels.neighbourhood;
    for (let at = 0; at < many; at += 1) {
      if (areas.above(begin + at, "street") !== street) continue;
      const tenths = state?.level === "neighbourhood" ? state.values[at] : MISSING;
      const percent = tenths === MISSING ? "" : `${tenths / 10}%`;
      features.push(point(areas.label(begin + at), {
        name: areas.mark(begin + at) + areas.name(begin + at, view.lang), percent, break: percent ? "\n" : "", tone: colors.percent, opacity: 1, rank: 300,
      }));
    }
  }
  return { type: "FeatureCollection", features: features.filter(Boolean) };
}

/** An English name without its kind, where the screen has no room for it. */
function shortened(name, brief) {
  return brief ? name.replace(/ (Town(ship)?|(Sub-?)?district|Street|New Area|Industrial (Zone|Park|Area))$/i, "") : name;
}

/** Codes without their street's prefix, of the classes that ask for it; none where there are too many. */
export function codes({ areas, paint, state, inkOf }) {
  const wanted = state && state.level === "grid" ? exceptions(state.classes, paint) : [];
  const features = wanted.map((at) => {
    const code = areas.codes[state.first + at];
    const text = /^[^\W\d_]+-/u.test(code) ? code.slice(code.indexOf("-") + 1) : code;
    return point(areas.label(state.first + at), { text: areas.mark(state.first + at) + text, ...inkOf(paint.classes[state.classes[at]]) });
  });
  return { type: "FeatureCollection", features: features.filter(Boolean) };
}

/** The places of the areas whose class asks for a code; none where they are too many to read. */
function exceptions(classes, paint) {
  const asks = new Uint8Array(256);
  paint.classes.forEach((one, cls) => { asks[cls] = one.code ? 1 : 0; });
  const found = [];
  for (let at = 0; at < classes.length; at += 1) {
    if (asks[classes[at]] && found.push(at) > MOST_CODES) return [];
  }
  return found;
}

/** Load the glyphs of the texts before the engine draws them; it would keep those of another font. */
export async function readyFonts(collections) {
  const texts = new Set("0123456789.%→-");
  for (const { features } of collections) {
    for (const { properties } of features) for (const one of `${properties.name || ""}${properties.text || ""}`) texts.add(one);
  }
  const all = [...texts].join("");
  await Promise.all([
    document.fonts.load("600 48px 'Noto Sans SC Variable'", all),
    document.fonts.load("600 48px 'Barlow Semi Condensed'", all),
  ]).catch(() => undefined);
}
