// Fetches each tile once a geometry version, however many map sources draw from it.

import { counts } from "./wire.js";

const SCHEME = "onemap";
const kept = new Map();

/** Teach the engine our scheme; an empty tile (204) is an empty buffer, never an error. */
export function serveTiles(engine) {
  engine.addProtocol(SCHEME, async ({ url }) => {
    const path = url.slice(SCHEME.length + 3);
    if (!kept.has(path)) kept.set(path, load(path));
    const bytes = await kept.get(path);
    // The worker takes the buffer away with it.
    return { data: bytes.slice(0) };
  });
}

async function load(path) {
  try {
    counts.tiles += 1;
    const response = await fetch(path, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`${response.status} ${path}`);
    return await response.arrayBuffer();
  } catch (error) {
    kept.delete(path);
    throw error;
  }
}

/** Address pattern of a version's tiles; tiles of other versions are forgotten. */
export function tilesOf(base, version) {
  const folder = `${base}tiles/${version}/`;
  for (const path of kept.keys()) if (!path.includes(`/tiles/${version}/`)) kept.delete(path);
  return [`${SCHEME}://${folder}{z}/{x}/{y}.pbf`];
}
