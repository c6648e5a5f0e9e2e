import { LRUCache } from "lru-cache";
import { AppError } from "#lib/core/errors.ts";
import type { Base } from "#lib/engine/tiny/base.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import { addToIndex, bytesOfTable, emptyIndex, type Table } from "#lib/engine/tiny/table.ts";
import { tunedModel } from "./tuned.ts";
import { readWeights } from "./weights.ts";

/** Which tuned model answers; its bytes are fetched by the other thread. */
export type TunedName = { id: string; sha256: string };

const keyOf = ({ id, sha256 }: TunedName): string => `${id} ${sha256}`;

/** Whether it is the model of that id; without an id, every one is meant. */
export const isOf = (name: TunedName, id: string | null): boolean => id === null || name.id === id;

/** About what a word of a lexicon takes in a map. */
const wordBytes = 48;
/** Features that are entered between two turns of the others. */
const slice = 16_384;

type Held = { name: TunedName; model: Model; bytes: number };
type Loading = { name: TunedName; steps: Generator<void, Held>; isForgotten: boolean };

/** The tuned models that a thread holds, at most so many bytes of them; those used longest ago go first. */
export class Shelf {
  readonly #bases: readonly Base[];
  readonly #models: LRUCache<string, Held>;
  readonly #loading = new Map<string, Loading>();

  constructor(bases: readonly Base[], mostBytes: number) {
    this.#bases = bases;
    this.#models = new LRUCache({ maxSize: mostBytes, sizeCalculation: ({ bytes }) => bytes });
  }

  find(name: TunedName): Model | undefined {
    return this.#models.get(keyOf(name))?.model;
  }

  get isLoading(): boolean {
    return this.#loading.size > 0;
  }

  /** Begins to read a model; it is there once `load` says so. */
  add(name: TunedName, bytes: Uint8Array, isKept: boolean): void {
    this.#loading.set(keyOf(name), { name, steps: read(name, bytes, this.#bases), isForgotten: !isKept });
  }

  /** Reads a slice of what is loading, and says what became of those that are over. */
  load(): { name: TunedName; model: Model | AppError }[] {
    const over: { name: TunedName; model: Model | AppError }[] = [];
    for (const [key, { name, steps, isForgotten }] of this.#loading) {
      const held = next(steps);
      if (!held) continue;
      this.#loading.delete(key);
      if (!(held instanceof AppError) && !isForgotten) this.#models.set(key, held);
      over.push({ name, model: held instanceof AppError ? held : held.model });
    }
    return over;
  }

  /** What is answering with it goes on to its end. */
  forget(id: string | null): void {
    for (const [key, { name }] of [...this.#models.entries()]) if (isOf(name, id)) this.#models.delete(key);
    for (const loading of this.#loading.values()) if (isOf(loading.name, id)) loading.isForgotten = true;
  }
}

function next(steps: Generator<void, Held>): Held | AppError | undefined {
  try {
    const { done, value } = steps.next();
    return done ? value : undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    return new AppError("unavailable", "The weights of this tuned model cannot be read.", { cause: error });
  }
}

function* read(name: TunedName, bytes: Uint8Array, bases: readonly Base[]): Generator<void, Held> {
  const found = yield* readWeights(bytes);
  if (!found) throw new AppError("unavailable", "The weights of this tuned model are not whole.");
  const base = bases.find(({ version }) => version === found.head.base);
  if (!base)
    throw new AppError("unavailable", "This model was tuned on an earlier tiny-chat-1. Run its training again.", {
      code: "unavailable_base",
    });
  const { features } = found.cells;
  const index = emptyIndex(features.length);
  for (let at = 0; at < features.length; at += slice) {
    addToIndex(index, features, at, Math.min(features.length, at + slice));
    yield;
  }
  const table: Table = { ...found.cells, index };
  const model = tunedModel(base, found.words, table);
  // Of its own it has these alone; the rest is the base's.
  return { name, model, bytes: bytesOfTable(table) + model.prior.byteLength + found.words.size * wordBytes };
}
