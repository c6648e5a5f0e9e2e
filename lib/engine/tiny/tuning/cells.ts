import { featuresAt } from "#lib/engine/tiny/model.ts";
import { type Table, tableOf } from "#lib/engine/tiny/table.ts";
import type { Sample } from "./store.ts";

/** Cells that are sorted at once. */
const runLength = 2 ** 20;

/** Cells as `feature * 65536 + id` in ascending order, and how often each was seen. */
type Sorted = { cells: Float64Array; times: Uint32Array };

/** Counts what the samples pair, in sorted runs that are merged as they fill: memory grows with what differs alone. */
export class CellCounter {
  readonly #run = new Float64Array(runLength);
  readonly #features = new Uint32Array(64);
  readonly #most: number;
  #filled = 0;
  #all: Sorted = { cells: new Float64Array(0), times: new Uint32Array(0) };
  /** Features that were left out because there were too many cells. */
  dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(sample: Sample): void {
    for (let at = sample.from; at < sample.tokens.length; at++) {
      const count = featuresAt(sample, at, this.#features);
      if (this.#filled + count > runLength) this.#merge();
      for (let f = 0; f < count; f++)
        this.#run[this.#filled++] = (this.#features[f] ?? 0) * 65536 + (sample.tokens[at] ?? 0);
    }
  }

  /** A table with a zero cell for each. */
  table(): Table {
    this.#merge();
    this.#all = this.#within(this.#most);
    return emptyTableOf(this.#all.cells);
  }

  #merge(): void {
    this.#all = merged(this.#all, counted(this.#run.subarray(0, this.#filled).sort()));
    this.#filled = 0;
    // Some room, so that not each run is paid for with a pass over everything.
    if (this.#all.cells.length > this.#most + 4 * runLength) this.#all = this.#within(this.#most);
  }

  /** Features that were seen least go first. */
  #within(most: number): Sorted {
    let all = this.#all;
    for (let seen = 1; all.cells.length > most; seen++) {
      const { kept, dropped } = withoutRare(all, seen);
      this.dropped += dropped;
      all = kept;
    }
    return all;
  }
}

const featureOf = (cell: number | undefined): number => Math.floor((cell ?? 0) / 65536);

function counted(sorted: Float64Array): Sorted {
  const cells = new Float64Array(sorted.length);
  const times = new Uint32Array(sorted.length);
  let count = 0;
  for (const cell of sorted) {
    if (count === 0 || cells[count - 1] !== cell) cells[count++] = cell;
    times[count - 1] = (times[count - 1] ?? 0) + 1;
  }
  return { cells: cells.subarray(0, count), times: times.subarray(0, count) };
}

function merged(a: Sorted, b: Sorted): Sorted {
  const most = a.cells.length + b.cells.length;
  const both = { cells: new Float64Array(most), times: new Uint32Array(most) };
  let count = 0;
  for (let i = 0, j = 0; i < a.cells.length || j < b.cells.length; count++) {
    const left = a.cells[i] ?? Number.POSITIVE_INFINITY;
    const right = b.cells[j] ?? Number.POSITIVE_INFINITY;
    both.cells[count] = Math.min(left, right);
    both.times[count] = timesOf(a, i, left <= right) + timesOf(b, j, right <= left);
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
  return { cells: both.cells.slice(0, count), times: both.times.slice(0, count) };
}

const timesOf = ({ times }: Sorted, at: number, isTaken: boolean): number => (isTaken ? (times[at] ?? 0) : 0);

/** Without the features that were seen so often or less. */
function withoutRare({ cells, times }: Sorted, seen: number): { kept: Sorted; dropped: number } {
  const kept = { cells: new Float64Array(cells.length), times: new Uint32Array(cells.length) };
  let count = 0;
  let dropped = 0;
  for (let from = 0, to = 0; from < cells.length; from = to) {
    let total = 0;
    for (to = from; to < cells.length && featureOf(cells[to]) === featureOf(cells[from]); to++) total += times[to] ?? 0;
    if (total <= seen) {
      dropped++;
      continue;
    }
    kept.cells.set(cells.subarray(from, to), count);
    kept.times.set(times.subarray(from, to), count);
    count += to - from;
  }
  return { kept: { cells: kept.cells.slice(0, count), times: kept.times.slice(0, count) }, dropped };
}

function emptyTableOf(cells: Float64Array): Table {
  let count = 0;
  for (let at = 0; at < cells.length; at++) if (at === 0 || featureOf(cells[at]) !== featureOf(cells[at - 1])) count++;
  const features = new Uint32Array(count);
  const starts = new Uint32Array(count + 1);
  const ids = new Uint16Array(cells.length);
  let feature = -1;
  for (let at = 0; at < cells.length; at++) {
    ids[at] = (cells[at] ?? 0) % 65536;
    if (feature >= 0 && features[feature] === featureOf(cells[at])) continue;
    features[++feature] = featureOf(cells[at]);
    starts[feature] = at;
  }
  starts[count] = cells.length;
  return tableOf({ features, starts, ids, weights: new Float32Array(cells.length) });
}
