/** First and last byte, as HTTP counts them; without a last one, to the end. */
export type Range = { first: number; last?: number };

export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** An object in the making: nothing can be read under its key before `finish`. */
export type Writing = {
  add: (part: Uint8Array) => Promise<void>;
  finish: () => Promise<void>;
  /** Leaves no trace; harmless after `finish`. */
  abort: () => Promise<void>;
};

/** Where bytes are kept. A key is a path such as `invoices/2026/inv_….pdf`; what is written replaces what was there. */
export type Storage = {
  /** All of it or nothing. */
  write: (key: string, pieces: Pieces) => Promise<void>;
  /** Refuses with `not_found` before the first byte. */
  read: (key: string, range?: Range) => Promise<AsyncIterable<Uint8Array>>;
  /** Null where there is no such object. */
  size: (key: string) => Promise<number | null>;
  /** What is not there is removed already. */
  remove: (key: string) => Promise<void>;
  /** Keys that begin so. */
  list: (prefix: string) => AsyncIterable<string>;
  begin: (key: string) => Promise<Writing>;
};
