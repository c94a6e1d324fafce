// One small number for each feature of a source, which its style reads as the state `c`.
//
// The engine keeps states as an object a feature, looks each changed feature up in every tile and
// evaluates the expression again for it. We know more: ids run without a gap and a number has one
// look. So the numbers are an array, each look is evaluated once, and a change writes it into the
// vertices of the features whose number changed. Where the inside of the engine is not the one
// this was written for, its own states are used: slower, the same picture.

export const NONE = -1;
const GEOJSON_LAYER = "_geojsonTileLayer";

const engines = new WeakMap();

/** Hand the states of a source over to us; after a lost context the engine forgets and must be asked again. */
export function statesOf(map, source) {
  const manager = map.style.tileManagers?.[source];
  const known = manager?._state;
  if (known instanceof DenseStates) return known;
  const fits = known && ["initializeTileState", "coalesceChanges", "getState"].every((name) => typeof known[name] === "function")
    && typeof manager._inViewTiles?.getAllTiles === "function";
  if (!fits || engines.has(manager)) return engineStates(map, source, manager ?? {});
  manager._state = new DenseStates(map, known);
  return manager._state;
}

/** Give a source back to the engine's own states, which know nothing yet. */
export function giveBack(map, source) {
  const manager = map.style.tileManagers[source];
  manager._state = manager._state.replaced;
  engineStates(map, source, manager);
}

function engineStates(map, source, key) {
  if (!engines.has(key)) engines.set(key, new EngineStates(map, source));
  return engines.get(key);
}

/** In the engine's place: the same questions, answered from arrays. */
class DenseStates {
  constructor(map, replaced) {
    this.map = map;
    this.replaced = replaced;
    this.codes = {};
    this.looks = new Map();
    this.drawn = new WeakMap();
    this.dirty = false;
  }

  /** Features `first`, `first + 1`, ... of a source layer have these numbers now; -1 is none. */
  set(layer, first, codes) {
    this.codes[layer || GEOJSON_LAYER] = { first, codes };
    this.dirty = true;
    this.map.triggerRepaint();
  }

  /** The number that a feature is drawn with; undefined in no tile, NaN where vertices say something else. */
  drawnCode(layer, id) {
    let found;
    for (const bucket of this.buckets(this.tiles?.getAllTiles() || [])) {
      const known = this.drawn.get(bucket);
      if (!known || sourceLayerOf(bucket) !== layer) continue;
      const { ids, positions } = bucket.programConfigurations._featureMap;
      const at = ids.indexOf(id);
      if (at < 0) continue;
      found = known.codes[at];
      for (const { binder, looks } of known.binders) {
        const vertices = binder.paintVertexArray.float32.subarray(positions[3 * at + 1] * looks.width, positions[3 * at + 2] * looks.width);
        const look = looks.look(found, binder);
        if (vertices.some((number, part) => number !== look[part % looks.width])) return NaN;
      }
    }
    return found;
  }

  // What the engine asks.

  getState(layer, id) {
    const { first, codes } = this.codes[layer] || { first: 0, codes: [] };
    const code = codes[Number(id) - first];
    return code === undefined || code === NONE ? {} : { c: code };
  }

  initializeTileState(tile, style) {
    this.apply([tile], style);
  }

  coalesceChanges(tiles, style) {
    this.tiles = tiles;
    if (!this.dirty) return;
    this.dirty = false;
    this.apply(tiles.getAllTiles(), style);
  }

  updateState() {
    throw new Error("the states of this source are set as a whole");
  }

  removeFeatureState() {
    this.updateState();
  }

  /** The buckets of tiles that a state changes; one bucket serves several layers. */
  buckets(tiles) {
    const found = tiles.flatMap((tile) => Object.values(tile.buckets || {}));
    return new Set(found.filter((bucket) => bucket.stateDependentLayers?.length));
  }

  apply(tiles, style) {
    for (const tile of tiles) {
      for (const bucket of this.buckets([tile])) {
        const found = this.codes[sourceLayerOf(bucket)];
        if (!found || !this.write(bucket, found)) continue;
        for (const layer of bucket.layers) {
          if (style.hasLayer(layer.id)) tile.queryPadding = Math.max(tile.queryPadding, layer.queryRadius(bucket));
        }
      }
    }
  }

  /** Write the looks of the features whose number changed; says whether there were any. */
  write(bucket, { first, codes }) {
    const set = bucket.programConfigurations;
    const { ids, positions } = set._featureMap;
    if (!this.drawn.has(bucket)) this.drawn.set(bucket, { codes: new Int16Array(ids.length).fill(NONE), binders: this.binders(bucket) });
    const { codes: before, binders } = this.drawn.get(bucket);
    const changed = [];
    for (let at = 0; at < ids.length; at += 1) {
      const code = codes[ids[at] - first] ?? NONE;
      if (before[at] === code) continue;
      before[at] = code;
      changed.push(at);
    }
    if (!changed.length) return false;
    for (const { binder, looks } of binders) {
      const { float32 } = binder.paintVertexArray;
      const { width } = looks;
      for (const at of changed) {
        const look = looks.look(before[at], binder);
        const end = positions[3 * at + 2] * width;
        for (let to = positions[3 * at + 1] * width; to < end; to += width) {
          for (let part = 0; part < width; part += 1) float32[to + part] = look[part];
        }
      }
      // How far a click reaches follows the greatest radius of all.
      binder.maxValue = Math.max(binder.maxValue, looks.most);
    }
    set.needsUpload = true;
    return true;
  }

  /** The attributes of a bucket that follow the state, each with its looks. */
  binders(bucket) {
    const found = [];
    for (const layer of bucket.stateDependentLayers) {
      for (const [property, binder] of Object.entries(bucket.programConfigurations.programConfigurations[layer.id].binders)) {
        if (!binder.expression?.isStateDependent) continue;
        binder.expression = layer.paint.get(property).value;
        const key = `${layer.id} ${property} ${binder.zoom}`;
        if (this.looks.get(key)?.expression !== binder.expression) this.looks.set(key, new Looks(binder));
        found.push({ binder, looks: this.looks.get(key) });
      }
    }
    return found;
  }
}

/** What the engine writes into a vertex for each number, evaluated by the engine itself. */
class Looks {
  constructor(binder) {
    this.expression = binder.expression;
    this.width = binder.paintVertexArray.bytesPerElement / Float32Array.BYTES_PER_ELEMENT;
    this.of = new Map();
    this.most = 0;
  }

  look(code, binder) {
    const known = this.of.get(code);
    if (known) return known;
    const { float32 } = binder.paintVertexArray;
    const held = float32.slice(0, this.width);
    binder.updatePaintArray(0, 1, {}, code === NONE ? {} : { c: code }, {});
    const found = float32.slice(0, this.width);
    float32.set(held, 0);
    this.most = Math.max(this.most, binder.maxValue);
    this.of.set(code, found);
    return found;
  }
}

/** The engine's own states, asked for what changed. */
class EngineStates {
  constructor(map, source) {
    Object.assign(this, { map, source, written: {} });
  }

  set(layer, first, codes) {
    const before = this.written[layer]?.length === codes.length ? this.written[layer] : null;
    const target = { source: this.source, id: 0, ...(layer ? { sourceLayer: layer } : {}) };
    for (let at = 0; at < codes.length; at += 1) {
      if (before ? before[at] === codes[at] : codes[at] === NONE) continue;
      target.id = first + at;
      this.map.setFeatureState(target, { c: codes[at] });
    }
    this.written[layer] = codes;
  }

  drawnCode(layer, id) {
    return this.map.getFeatureState({ source: this.source, sourceLayer: layer, id }).c;
  }
}

function sourceLayerOf(bucket) {
  return bucket.layers[0].sourceLayer || GEOJSON_LAYER;
}
