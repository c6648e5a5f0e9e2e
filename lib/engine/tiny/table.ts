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
  const size = 2 ** Math.ceil(Math.log2(features.length * 2 + 2));
  const index = { mask: size - 1, keys: new Uint32Array(size), places: new Uint32Array(size) };
  features.forEach((feature, place) => {
    let slot = feature & index.mask;
    while (index.keys[slot] !== 0) slot = (slot + 1) & index.mask;
    index.keys[slot] = feature;
    index.places[slot] = place;
  });
  return index;
}

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
