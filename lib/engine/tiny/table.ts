/** A sparse weight matrix: for each feature (a 32-bit hash) the token ids it speaks about, with their weights. */
export type Table = {
  /** Features in ascending order. */
  features: Uint32Array;
  /** `starts[i]` to `starts[i + 1]` are the places of feature i in `ids` and `weights`. */
  starts: Uint32Array;
  ids: Uint16Array;
  weights: Float32Array;
  index: Index;
};

type Index = { mask: number; keys: Uint32Array; places: Uint32Array };

export type Cells = Omit<Table, "index">;

export const tableOf = (cells: Cells): Table => ({ ...cells, index: indexOf(cells.features) });

/** A table of zeros for these cells, each given as `feature * 65536 + id`. */
export function emptyTable(cells: Float64Array): Table {
  const sorted = distinct(cells.sort());
  const features: number[] = [];
  const starts: number[] = [];
  const ids = new Uint16Array(sorted.length);
  sorted.forEach((cell, at) => {
    const feature = Math.floor(cell / 65536);
    ids[at] = cell % 65536;
    if (features.at(-1) === feature) return;
    features.push(feature);
    starts.push(at);
  });
  starts.push(sorted.length);
  return tableOf({
    features: Uint32Array.from(features),
    starts: Uint32Array.from(starts),
    ids,
    weights: new Float32Array(sorted.length),
  });
}

const distinct = (sorted: Float64Array): Float64Array => sorted.filter((cell, at) => cell !== sorted[at - 1]);

function indexOf(features: Uint32Array): Index {
  const index = emptyIndex(features.length);
  addToIndex(index, features, 0, features.length);
  return index;
}

export function emptyIndex(features: number): Index {
  const size = 2 ** Math.ceil(Math.log2(features * 2 + 2));
  return { mask: size - 1, keys: new Uint32Array(size), places: new Uint32Array(size) };
}

/** Adds the features at the places `from` to `to`. */
export function addToIndex({ mask, keys, places }: Index, features: Uint32Array, from: number, to: number): void {
  for (let place = from; place < to; place++) {
    const feature = features[place] ?? 0;
    let slot = feature & mask;
    while (keys[slot] !== 0) slot = (slot + 1) & mask;
    keys[slot] = feature;
    places[slot] = place;
  }
}

/** Bytes of a table in memory. */
export const bytesOfTable = ({ features, starts, ids, weights, index: { keys, places } }: Table): number =>
  [features, starts, ids, weights, keys, places].reduce((sum, { byteLength }) => sum + byteLength, 0);

/** The place of a feature, or -1. */
export function placeOf({ index: { mask, keys, places } }: Table, feature: number): number {
  let slot = feature & mask;
  for (;;) {
    const key = keys[slot];
    if (key === feature) return places[slot] ?? -1;
    if (key === 0 || key === undefined) return -1;
    slot = (slot + 1) & mask;
  }
}
