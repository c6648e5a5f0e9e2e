import { log } from "#lib/core/log.ts";
import { implausibleUsage } from "#lib/core/metrics.ts";
import type { Bounds, EngineUsage } from "#lib/engine/port/port.ts";
import { fieldOf } from "./refusal.ts";

/** Fewer tokens than one for so many bytes of an answer are not believed: vocabularies take three to five a token. */
const mostBytesPerToken = 16;
/** A few tokens may be long ones: a name, a run of spaces. */
const bytesOfSlack = 48;
/** What text is taken for where no one counted it. */
const bytesPerToken = 4;

type Told = { prompt: number | undefined; cached: number | undefined; completion: number | undefined };

/** What servers call the same three numbers. The first name that is there counts. */
const names = {
  prompt: ["prompt_tokens", "input_tokens"],
  completion: ["completion_tokens", "output_tokens"],
  cached: [
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "cached_tokens",
    "num_cached_tokens",
    "cache_read_input_tokens",
  ],
};

/**
 * Counts what one answer takes. What the upstream tells is kept within what the request could have taken, and only grows.
 * What it does not tell, or cannot mean, is estimated from what was sent and received.
 */
export class UsageCount {
  readonly #upstream: string;
  readonly #bounds: Bounds;
  readonly #estimatePrompt: () => number;
  readonly #noticed = new Set<string>();
  #prompt = 0;
  #cached = 0;
  #completion = 0;
  /** Bytes received in all, and those of them that no count of the upstream includes yet. */
  #bytes = 0;
  #bytesUncounted = 0;
  #estimatedPrompt: number | undefined;

  constructor(upstream: string, bounds: Bounds, estimatePrompt: () => number) {
    this.#upstream = upstream;
    this.#bounds = bounds;
    this.#estimatePrompt = estimatePrompt;
  }

  wrote(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#bytes += bytes;
    this.#bytesUncounted += bytes;
  }

  /** Takes in what an event of the upstream says of its counts, after what it says of its text. */
  told(usage: unknown, timings?: unknown): void {
    if (!usage && !timings) return;
    const { prompt, cached, completion } = read(usage, timings);
    this.#prompt = Math.max(this.#prompt, this.#within("prompt", prompt, this.#bounds.promptTokens));
    this.#cached = Math.max(this.#cached, this.#within("cached", cached, prompt ?? this.#bounds.promptTokens));
    if (completion === undefined) return;
    const within = this.#within("completion", completion, this.#bounds.completionTokens);
    if (within < this.#completion) return;
    this.#completion = within;
    this.#bytesUncounted = 0;
  }

  total(): EngineUsage {
    const { promptTokens: mostPrompt, completionTokens: mostCompletion } = this.#bounds;
    const isPromptTold = this.#prompt > 0 || mostPrompt === 0;
    const isAbsurd = isTooFew(this.#completion, this.#bytes - this.#bytesUncounted);
    const uncounted = isAbsurd ? this.#bytes : this.#bytesUncounted;
    const completion = (isAbsurd ? 0 : this.#completion) + Math.ceil(uncounted / bytesPerToken);
    const promptTokens = isPromptTold ? this.#prompt : Math.min(mostPrompt, this.#promptEstimate());
    const usage: EngineUsage = {
      promptTokens,
      cachedTokens: Math.min(this.#cached, promptTokens),
      completionTokens: Math.min(mostCompletion, completion),
    };
    if (!isPromptTold || uncounted > 0) usage.estimated = true;
    return usage;
  }

  #promptEstimate(): number {
    this.#estimatedPrompt ??= this.#estimatePrompt();
    return this.#estimatedPrompt;
  }

  /** A count within its bound; one that is not is noticed once an answer. */
  #within(kind: string, count: number | undefined, bound: number): number {
    if (count === undefined || count <= bound) return count ?? 0;
    if (!this.#noticed.has(kind)) {
      this.#noticed.add(kind);
      implausibleUsage.inc({ upstream: this.#upstream, kind });
      log("engine.upstream.implausible_usage", { upstream: this.#upstream, kind, told: count, most: bound });
    }
    return bound;
  }
}

const isTooFew = (tokens: number, bytes: number): boolean =>
  tokens === 0 ? bytes > 0 : tokens * mostBytesPerToken + bytesOfSlack < bytes;

function read(usage: unknown, timings: unknown): Told {
  const hit = countAt(usage, "prompt_cache_hit_tokens");
  const miss = countAt(usage, "prompt_cache_miss_tokens");
  // llama.cpp counts what it read and what it had read before apart, beside the usage or in place of it.
  const cachedBefore = countAt(timings, "cache_n");
  const readNow = countAt(timings, "prompt_n");
  return {
    prompt: firstOf(usage, names.prompt) ?? sum(hit, miss) ?? sum(readNow, cachedBefore ?? 0),
    cached: firstOf(usage, names.cached) ?? cachedBefore,
    completion: withThinking(usage, firstOf(usage, names.completion) ?? countAt(timings, "predicted_n")),
  };
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

/** Thinking is output. Most servers count it with the rest; where the numbers show that one does not, it is added. */
function withThinking(usage: unknown, completion: number | undefined): number | undefined {
  const thought =
    countAt(usage, "completion_tokens_details.reasoning_tokens") ??
    countAt(usage, "output_tokens_details.reasoning_tokens");
  if (thought === undefined) return completion;
  const told = completion ?? 0;
  const total = countAt(usage, "total_tokens");
  const prompt = firstOf(usage, names.prompt);
  const isApart = thought > told || (total !== undefined && prompt !== undefined && total === prompt + told + thought);
  return isApart ? told + thought : told;
}

function firstOf(usage: unknown, paths: readonly string[]): number | undefined {
  for (const path of paths) {
    const count = countAt(usage, path);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** A number of tokens: whole, not negative. However large, it is a number; bounds come later. */
function countAt(usage: unknown, path: string): number | undefined {
  const dot = path.indexOf(".");
  const value = dot < 0 ? fieldOf(usage, path) : fieldOf(fieldOf(usage, path.slice(0, dot)), path.slice(dot + 1));
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? Math.ceil(value) : undefined;
}
