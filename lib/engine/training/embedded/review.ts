import { AppError } from "#lib/core/errors.ts";
import type { ChatRequest } from "#lib/engine/port/port.ts";
import type { Base } from "#lib/engine/tiny/base.ts";
import { copyIds } from "#lib/engine/tiny/copies.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import { respond } from "#lib/engine/tiny/respond.ts";
import { createSampler, type Sampler, samplerOf } from "#lib/engine/tiny/sampler.ts";
import { tableOf } from "#lib/engine/tiny/table.ts";
import { encode, marks } from "#lib/engine/tiny/tokenizer.ts";
import { measure } from "#lib/engine/tiny/tuning/descent.ts";
import { counterOf, lengthOf, readingOf } from "#lib/engine/tiny/tuning/reading.ts";
import { SampleStore } from "#lib/engine/tiny/tuning/store.ts";
import { tunedModel } from "#lib/engine/tiny/tuning/tuned.ts";
import { readWeights } from "#lib/engine/tiny/tuning/weights.ts";
import type { Breath } from "#lib/engine/training/breath.ts";
import type { ReviewAnswer, ReviewedPrompt, ReviewMessage, ReviewReport } from "#lib/engine/training/port.ts";
import { askedOf, type Unseen, unseenOf } from "#lib/engine/training/unseen.ts";
import type { SessionTask } from "./session.ts";

/** Asks a base, and what was trained on it, what neither was trained on. */
export async function runReview(
  task: SessionTask,
  base: Base,
  weights: Uint8Array,
  breath: Breath,
): Promise<ReviewReport> {
  const tuned = await tunedOf(base, weights, breath);
  const tokensMost = lengthOf(task.hyperparameters.seq_len);
  const { unseen, style } = await unseenOf(task, { count: counterOf(base.vocabulary), tokensMost, breath });
  const bitsOf = (model: Model) => measuredBits(model, unseen, tokensMost, breath);
  const [before, after] = [await bitsOf(base), await bitsOf(tuned)];
  const sampler = createSampler(base, copyIds);
  const both = { base: sampler, tuned: samplerOf(sampler, tuned) };
  return {
    samples: unseen.length,
    bits: before === null || after === null ? null : { base: before, tuned: after },
    style,
    prompts: await promptsOf(unseen, both, breath),
  };
}

async function tunedOf(base: Base, weights: Uint8Array, breath: Breath): Promise<Model> {
  const found = await breath.through(readWeights(weights));
  if (!found) throw new AppError("conflict", "The weights of this step are not whole, so it cannot be asked.");
  if (found.head.base !== base.version)
    throw new AppError("conflict", "It was trained on an earlier tiny-chat-1, so it cannot be asked beside this one.");
  return tunedModel(base, found.words, tableOf(found.cells));
}

/** Null where there is nothing to measure. */
async function measuredBits(
  model: Model,
  unseen: readonly Unseen[],
  tokensMost: number,
  breath: Breath,
): Promise<number | null> {
  const samples = new SampleStore();
  let [bytes, tokens] = [0, 0];
  for (const { lesson } of unseen) {
    const reading = readingOf(lesson, model, tokensMost);
    // One that is cut has other bytes in each model.
    if (reading.tokens.at(-1) !== marks.end) continue;
    samples.add(reading, 0, 0);
    bytes += Buffer.byteLength(lesson.answer);
    tokens += reading.tokens.length - 1;
    if (breath.isDue) await breath.take();
  }
  const measured = await breath.through(measure(model, samples, Array(samples.count).keys()));
  return measured && bytes > 0 ? (measured.loss * tokens) / Math.LN2 / bytes : null;
}

type Both = { base: Sampler; tuned: Sampler };

/** What both say to what neither was trained on. */
async function promptsOf(unseen: readonly Unseen[], both: Both, breath: Breath): Promise<ReviewedPrompt[]> {
  const prompts: ReviewedPrompt[] = [];
  for (const { messages, wanted } of askedOf(unseen)) {
    const [base, tuned] = [await said(both.base, messages, breath), await said(both.tuned, messages, breath)];
    if (!base || !tuned) continue;
    const tokens = encode(both.base.model.vocabulary, wanted).length;
    prompts.push({ messages, wanted: { text: wanted, tokens }, base, tuned });
  }
  return prompts;
}

/** What a model says, by the likeliest token each time; null for what it cannot read. */
async function said(sampler: Sampler, messages: ReviewMessage[], breath: Breath): Promise<ReviewAnswer | null> {
  try {
    const { steps, usage } = respond(sampler, requestOf(messages), 0);
    let text = "";
    for (const delta of steps) {
      text += delta?.content ?? "";
      if (breath.isDue) await breath.take();
    }
    return { text, tokens: usage.completionTokens };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

const requestOf = (messages: ReviewMessage[]): ChatRequest => ({
  kind: "chat",
  model: "tiny-chat-1",
  messages: messages as ChatRequest["messages"],
  sampling: { temperature: 0, stop: [] },
  n: 1,
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: true,
  responseFormat: { type: "text" },
  extras: {},
  bounds: { promptTokens: 10_000, completionTokens: 10_000 },
});
