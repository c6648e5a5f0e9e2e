/** What a process wants of one shared bucket. A bucket refills evenly, or, when nothing runs off, is a window with an end. */
export type BucketRequest = {
  organizationId: string;
  name: string;
  capacity: number;
  /** What runs off in a second; 0 for a window, whose name says which it is. */
  perSecond: number;
  /** Granted whole, or as far as it goes if that is `least` at the least. */
  need: number;
  least: number;
  /** Granted on top, but only from an eighth of what is left then, so that processes share what is scarce. */
  ahead: number;
  /** What earlier requests used more (or, below zero, less) than was taken for them; a bucket may go into debt by it. */
  correction: number;
  /** What is known to be used from elsewhere: the level is never below it. */
  floor: number;
};

/** What was granted, and how full the bucket is after it: more than its capacity when it is in debt. */
export type Grant = { granted: number; level: number };

/** How full a bucket is now. */
export type Level = { level: number };

/**
 * Where the buckets are that all processes share. Each takes its time from its own clock, so that processes whose clocks
 * differ agree on what has run off.
 */
export type Store = {
  /** One step for each organization; grants come in the order of the asks. */
  take: (asks: readonly BucketRequest[]) => Promise<Grant[]>;
  /** The levels of some buckets, without taking anything; a bucket no one took from is empty. */
  read: (organizationId: string, buckets: readonly Pick<BucketRequest, "name" | "perSecond">[]) => Promise<Level[]>;
  close: () => Promise<void>;
};

/** A bucket that runs off for a while. */
export const drained = (level: number, perSecond: number, seconds: number): number =>
  Math.max(0, level - perSecond * Math.max(0, seconds));
