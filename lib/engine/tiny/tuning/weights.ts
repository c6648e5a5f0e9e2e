import { createHash } from "node:crypto";
import type { Cells } from "#lib/engine/tiny/table.ts";
import { Grown } from "./grown.ts";

/** Raise it when training, features or this format change: weights of other versions are not gone on with. */
export const codeVersion = 1;

/** Weights that training can go on from, or those of a finished model, which are rounded. Both can answer. */
export type Form = "checkpoint" | "model";

export type Head = { job: string; step: number; base: string; code: number; form: Form };

/** Everything a tuned model is beside its base. */
export type Weights = { head: Head; words: ReadonlyMap<number, number>; cells: Cells };

type FileHead = Head & { words: number; features: number; cells: number };

const magic = Buffer.from("cptuned1");
const digestBytes = 32;
/** Rounded weights share the scale of so many. */
const scaled = 256;
/** Numbers that are read between two turns of the others. */
const slice = 16_384;

const finishedBytes = 24_000_000;
const leastWeight = 0.1;

export function writeCheckpoint(head: Omit<Head, "form" | "code">, weights: Omit<Weights, "head">): Uint8Array {
  return write({ ...head, code: codeVersion, form: "checkpoint" }, weights, floatsOf(weights.cells.weights));
}

/** The model that answers: small weights are left out, the others rounded, until it is small enough. */
export function writeModel(head: Omit<Head, "form" | "code">, { words, cells }: Omit<Weights, "head">): Uint8Array {
  for (let least = leastWeight; ; least *= 1.25) {
    const kept = pruned(cells, least);
    const bytes = write({ ...head, code: codeVersion, form: "model" }, { words, cells: kept }, roundedOf(kept.weights));
    if (bytes.length <= finishedBytes) return bytes;
  }
}

function write(head: Head, { words, cells }: Omit<Weights, "head">, weights: Buffer): Uint8Array {
  const { features, starts, ids } = cells;
  const fileHead: FileHead = { ...head, words: words.size, features: features.length, cells: ids.length };
  const text = Buffer.from(JSON.stringify(fileHead));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const numbers = new Grown((size) => new Uint8Array(size));
  const sortedWords = [...words].sort(([a], [b]) => a - b);
  sortedWords.forEach(([word, times], at) => {
    writeNumber(numbers, word - (sortedWords[at - 1]?.[0] ?? 0));
    writeNumber(numbers, times);
  });
  features.forEach((feature, at) => {
    writeNumber(numbers, feature - (features[at - 1] ?? 0));
    writeNumber(numbers, (starts[at + 1] ?? 0) - (starts[at] ?? 0));
  });
  const idBytes = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);
  const parts = [magic, length, text, numbers.view(), idBytes, weights];
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return Buffer.concat([...parts, digest.digest()]);
}

function writeNumber(to: Grown<Uint8Array>, number: number): void {
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) to.push((rest % 128) + 128);
  to.push(rest);
}

const floatsOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function pruned({ features, starts, ids, weights }: Cells, least: number): Cells {
  const kept = {
    features: new Grown((length) => new Uint32Array(length)),
    starts: new Grown((length) => new Uint32Array(length)),
    ids: new Grown((length) => new Uint16Array(length)),
    weights: new Grown((length) => new Float32Array(length)),
  };
  features.forEach((feature, place) => {
    const before = kept.ids.length;
    for (let cell = starts[place] ?? 0; cell < (starts[place + 1] ?? 0); cell++) {
      if (Math.abs(weights[cell] ?? 0) < least) continue;
      kept.ids.push(ids[cell] ?? 0);
      kept.weights.push(weights[cell] ?? 0);
    }
    if (kept.ids.length === before) return;
    kept.features.push(feature);
    kept.starts.push(before);
  });
  kept.starts.push(kept.ids.length);
  return {
    features: kept.features.view(),
    starts: kept.starts.view(),
    ids: kept.ids.view(),
    weights: kept.weights.view(),
  };
}

function roundedOf(weights: Float32Array): Buffer {
  const scales = new Float32Array(Math.ceil(weights.length / scaled));
  const rounded = new Int8Array(weights.length);
  for (let block = 0; block < scales.length; block++) {
    const part = weights.subarray(block * scaled, (block + 1) * scaled);
    const scale = Math.fround(part.reduce((top, weight) => Math.max(top, Math.abs(weight)), 0) / 127);
    scales[block] = scale;
    part.forEach((weight, at) => {
      rounded[block * scaled + at] = scale === 0 ? 0 : Math.round(weight / scale);
    });
  }
  return Buffer.concat([floatsOf(scales), Buffer.from(rounded.buffer)]);
}

/** Reads what was written, in slices; undefined for what was not written whole. */
export function* readWeights(bytes: Uint8Array): Generator<void, Weights | undefined> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!(yield* isWhole(file))) return undefined;
  const start = magic.length + 4;
  const headEnd = start + file.readUInt32LE(magic.length);
  const head = JSON.parse(file.toString("utf8", start, headEnd)) as FileHead;
  const numbers = new NumberReader(file, headEnd);
  const words = new Map<number, number>();
  for (let word = 0, at = 0; at < head.words; at++) {
    word += numbers.next();
    words.set(word, numbers.next());
    if (at % slice === 0) yield;
  }
  const features = new Uint32Array(head.features);
  const starts = new Uint32Array(head.features + 1);
  for (let feature = 0, at = 0; at < head.features; at++) {
    feature += numbers.next();
    features[at] = feature;
    starts[at + 1] = (starts[at] ?? 0) + numbers.next();
    if (at % slice === 0) yield;
  }
  const ids = new Uint16Array(copyOf(file, numbers.at, head.cells * 2));
  yield;
  const weights = yield* weightsOf(file, numbers.at + head.cells * 2, head);
  const { job, step, base, code, form } = head;
  return { head: { job, step, base, code, form }, words, cells: { features, starts, ids, weights } };
}

function* isWhole(file: Buffer): Generator<void, boolean> {
  if (file.length < magic.length + 4 + digestBytes || !file.subarray(0, magic.length).equals(magic)) return false;
  const hash = createHash("sha256");
  const end = file.length - digestBytes;
  for (let at = 0; at < end; at += slice * 16) {
    hash.update(file.subarray(at, Math.min(end, at + slice * 16)));
    yield;
  }
  return hash.digest().equals(file.subarray(end));
}

function* weightsOf(file: Buffer, at: number, { form, cells }: FileHead): Generator<void, Float32Array> {
  if (form === "checkpoint") return new Float32Array(copyOf(file, at, cells * 4));
  const scales = new Float32Array(copyOf(file, at, Math.ceil(cells / scaled) * 4));
  const rounded = new Int8Array(file.buffer, file.byteOffset + at + scales.byteLength, cells);
  const weights = new Float32Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    weights[cell] = (rounded[cell] ?? 0) * (scales[Math.floor(cell / scaled)] ?? 0);
    if (cell % slice === 0) yield;
  }
  return weights;
}

/** Numbers of several bytes have to begin where the machine can read them. */
const copyOf = (file: Buffer, at: number, length: number): ArrayBuffer =>
  file.buffer.slice(file.byteOffset + at, file.byteOffset + at + length) as ArrayBuffer;

class NumberReader {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at++] ?? 0;
      number += (byte & 127) * scale;
      if (byte < 128) return number;
    }
  }
}
