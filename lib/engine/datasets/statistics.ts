import { type Role, roles } from "./message.ts";
import { contextTokens } from "./rules.ts";
import type { Sample } from "./sample.ts";

/** Tokens of this much of the beginning are counted; of the rest they are taken to be alike. */
export const countedBytesMost = 8 * 1024 * 1024;

type Lengths = { median: number; ninetyFifth: number; longest: number };

/** What a data set is, in numbers. */
export type Statistics = {
  conversations: number;
  texts: number;
  requests: number;
  turns: number;
  roles: Record<Role, number>;
  /** Conversations that offer tools, and calls of tools in answers. */
  withTools: number;
  toolCalls: number;
  repeats: number;
  /** Null where nothing counted them. */
  tokens:
    | (Lengths & {
        /** Of all samples; scaled up from the first 8 MiB where there is more. */
        total: number;
        isEstimate: boolean;
        /** Of the samples that were counted, those that are longer than the context. */
        cutShare: number;
        histogram: { upTo: number; samples: number }[];
      })
    | null;
};

type Counted = {
  countedBytes: number;
  goodBytes: number;
  countedSamples: number;
  countedTokens: number;
  cut: number;
  longest: number;
  /** How many samples have so many tokens, by bucket. */
  buckets: Record<string, number>;
};

type Counts = Omit<Statistics, "tokens"> & Counted;

const none = (): Counts => ({
  conversations: 0,
  texts: 0,
  requests: 0,
  turns: 0,
  roles: { system: 0, user: 0, assistant: 0, tool: 0 },
  withTools: 0,
  toolCalls: 0,
  repeats: 0,
  countedBytes: 0,
  goodBytes: 0,
  countedSamples: 0,
  countedTokens: 0,
  cut: 0,
  longest: 0,
  buckets: {},
});

/** Buckets are exact below 64 and then an eighth of a power of two wide, so that any file needs few of them. */
function bucketOf(tokens: number): number {
  if (tokens < 64) return tokens;
  const width = 2 ** (Math.floor(Math.log2(tokens)) - 3);
  return Math.floor(tokens / width) * width + width - 1;
}

/** Gathers the numbers of a data set, sample by sample. */
export class StatisticsCount {
  readonly #counts: Counts;

  constructor(saved?: unknown) {
    this.#counts = saved ? (saved as Counts) : none();
  }

  save(): unknown {
    return this.#counts;
  }

  /** Counts the tokens of a sample while the beginning lasts; says how many it has. */
  see(sample: Sample | null, bytes: number, countTokens: ((sample: Sample) => number) | undefined): number | null {
    const counts = this.#counts;
    counts.goodBytes += bytes;
    if (!sample) {
      counts.requests += 1;
      return null;
    }
    this.#seeShape(sample);
    if (!countTokens || counts.countedBytes >= countedBytesMost) return null;
    const tokens = countTokens(sample);
    counts.countedBytes += bytes;
    counts.countedSamples += 1;
    counts.countedTokens += tokens;
    counts.longest = Math.max(counts.longest, tokens);
    if (tokens > contextTokens) counts.cut += 1;
    const bucket = bucketOf(tokens);
    counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
    return tokens;
  }

  seeRepeat(): void {
    this.#counts.repeats += 1;
  }

  #seeShape(sample: Sample): void {
    const counts = this.#counts;
    if ("text" in sample) {
      counts.texts += 1;
      return;
    }
    counts.conversations += 1;
    counts.turns += sample.messages.length;
    if (sample.hasTools) counts.withTools += 1;
    for (const { role, toolCalls } of sample.messages) {
      counts.roles[role] += 1;
      counts.toolCalls += toolCalls.length;
    }
  }

  statistics(): Statistics {
    const { conversations, texts, requests, turns, withTools, toolCalls, repeats, ...counts } = this.#counts;
    const shape = { conversations, texts, requests, turns, withTools, toolCalls, repeats };
    const byRole = Object.fromEntries(roles.map((role) => [role, counts.roles[role]])) as Record<Role, number>;
    return { ...shape, roles: byRole, tokens: counts.countedSamples === 0 ? null : tokensOf(counts) };
  }
}

function tokensOf(counts: Counted): NonNullable<Statistics["tokens"]> {
  const histogram = Object.entries(counts.buckets)
    .map(([upTo, samples]) => ({ upTo: Number(upTo), samples }))
    .toSorted((one, other) => one.upTo - other.upTo);
  const isEstimate = counts.countedBytes < counts.goodBytes;
  const scale = isEstimate ? counts.goodBytes / counts.countedBytes : 1;
  return {
    total: Math.round(counts.countedTokens * scale),
    isEstimate,
    median: quantile(histogram, counts.countedSamples, 0.5),
    ninetyFifth: quantile(histogram, counts.countedSamples, 0.95),
    longest: counts.longest,
    cutShare: counts.cut / counts.countedSamples,
    histogram,
  };
}

function quantile(histogram: { upTo: number; samples: number }[], total: number, share: number): number {
  let seen = 0;
  for (const { upTo, samples } of histogram) {
    seen += samples;
    if (seen >= total * share) return upTo;
  }
  return 0;
}
