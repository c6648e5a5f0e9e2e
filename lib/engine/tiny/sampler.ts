import type { Sampling } from "#lib/engine/port/port.ts";
import { type Context, createScores, type Model, normalise, type Scores, score } from "./model.ts";
import type { Random } from "./random.ts";
import { marks, ownSize } from "./tokenizer.ts";

/** Low, because a model this small wanders off when it chooses freely. */
const defaultTemperature = 0.3;

type Candidates = { ids: Uint16Array; logits: Float64Array; count: number; order: number[] };

/** What one thread of work needs to choose tokens; requests that take turns share it between steps. */
export type Sampler = { model: Model; scores: Scores; candidates: Candidates };

/** The same thread's sampler for a model with at most as many tokens. */
export const samplerOf = ({ scores, candidates }: Sampler, model: Model): Sampler => ({ model, scores, candidates });

/** `room` is for models with more tokens that share it. */
export function createSampler(model: Model, room = 0): Sampler {
  const size = model.vocabulary.size + room;
  const candidates = { ids: new Uint16Array(size), logits: new Float64Array(size), count: 0, order: [] };
  return { model, scores: createScores(size), candidates };
}

/** Tokens of one answer until the model ends it; the caller decides when to stop asking. */
export function* answerTokens(
  sampler: Sampler,
  context: Context,
  sampling: Sampling,
  random: Random,
): Generator<number> {
  const { tokens, copies = [] } = context;
  const ends = ownSize(sampler.model.vocabulary) + copies.length;
  const counts = new Map<number, number>();
  const least = sampling.minTokens ?? 0;
  for (let produced = 0; ; produced++) {
    score(sampler.model, context, tokens.length, sampler.scores);
    gather(sampler, counts, sampling, { end: produced >= least, below: ends });
    const token = choose(sampler.candidates, sampling, random);
    if (token === marks.end) return;
    tokens.push(token);
    counts.set(token, (counts.get(token) ?? 0) + 1);
    yield token;
  }
}

function gather(
  { model, scores, candidates }: Sampler,
  counts: ReadonlyMap<number, number>,
  sampling: Sampling,
  may: { end: boolean; below: number },
): void {
  const { presencePenalty = 0, frequencyPenalty = 0 } = sampling;
  candidates.count = 0;
  const add = (id: number, logit: number): void => {
    if ((id === marks.end && !may.end) || id >= may.below) return;
    const times = counts.get(id) ?? 0;
    const penalty = times === 0 ? 0 : presencePenalty + frequencyPenalty * times;
    candidates.ids[candidates.count] = id;
    candidates.logits[candidates.count++] = logit - penalty;
  };
  for (let t = 0; t < scores.touchedCount; t++) {
    const id = scores.touched[t] ?? 0;
    add(id, scores.logits[id] ?? 0);
  }
  // Nothing the model knows goes on from here: it ends where it may, else it falls back to how common words are.
  if (candidates.count === 0 && may.end) add(marks.end, 0);
  if (candidates.count === 0) for (let id = 0; id < model.prior.length; id++) add(id, model.prior[id] ?? 0);
}

function choose(
  candidates: Candidates,
  { temperature = defaultTemperature, topP = 1 }: Sampling,
  random: Random,
): number {
  const { ids, logits, count } = candidates;
  let best = 0;
  for (let c = 1; c < count; c++) if ((logits[c] ?? 0) > (logits[best] ?? 0)) best = c;
  if (temperature === 0) return ids[best] ?? marks.end;
  const height = logits[best] ?? 0;
  let total = 0;
  for (let c = 0; c < count; c++) {
    const weight = Math.exp(((logits[c] ?? 0) - height) / temperature);
    logits[c] = weight;
    total += weight;
  }
  const drawn = topP < 1 ? drawFromNucleus(candidates, total * topP, random) : draw(logits, count, random() * total);
  return ids[drawn] ?? marks.end;
}

function draw(weights: Float64Array, count: number, at: number): number {
  let left = at;
  for (let c = 0; c < count; c++) {
    left -= weights[c] ?? 0;
    if (left < 0) return c;
  }
  return count - 1;
}

/** Draws among the fewest candidates that together weigh at least `mass`. */
function drawFromNucleus({ logits, count, order }: Candidates, mass: number, random: Random): number {
  order.length = 0;
  for (let c = 0; c < count; c++) order.push(c);
  order.sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  let kept = 0;
  let weight = 0;
  while (kept < count && weight < mass) weight += logits[order[kept++] ?? 0] ?? 0;
  let left = random() * weight;
  for (const c of order.slice(0, kept)) {
    left -= logits[c] ?? 0;
    if (left < 0) return c;
  }
  return order[kept - 1] ?? 0;
}

/** Mean log probability of a continuation: how well the model thinks it fits. */
export function fitness(
  { model, scores }: Sampler,
  { cues, tokens }: Context,
  continuation: readonly number[],
): number {
  const context = { cues, tokens: [...tokens, ...continuation] };
  let sum = 0;
  continuation.forEach((token, at) => {
    score(model, context, tokens.length + at, scores);
    const logTotal = normalise(model, scores);
    const touched = scores.stamps[token] === scores.stamp;
    sum += touched ? Math.log(Math.max(1e-30, scores.logits[token] ?? 0)) : (model.prior[token] ?? 0) - logTotal;
  });
  return sum / Math.max(1, continuation.length);
}
