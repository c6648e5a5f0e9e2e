import type { TuningExtent } from "#db/schema/tuning.ts";
import { baseVocabulary } from "#lib/engine/tiny/base.ts";
import type { CountTokens } from "#lib/engine/tiny/tuning/lessons.ts";
import { counterOf, lengthOf } from "#lib/engine/tiny/tuning/reading.ts";
import { estimateTokens } from "#lib/engine/upstream/estimate.ts";
import { Breath } from "./breath.ts";
import type { Reader } from "./lessons.ts";
import type { TrainingTask } from "./port.ts";
import { type SurveyTask, survey, validationLessons } from "./survey.ts";

/** Short, because requests are answered in the same thread. */
const turnMs = 8;
/** Where the server that trains says nothing else. */
const foreignLength = 32_768;

let countOfBase: CountTokens | undefined;

/** Exact for the embedded model; of others the vocabulary is not known. */
function readerFor(baseModel: string, seqLen: number | null): Reader {
  const breath = new Breath(turnMs);
  if (baseModel !== embeddedModel) return { count: estimateTokens, tokensMost: seqLen ?? foreignLength, breath };
  countOfBase ??= counterOf(baseVocabulary());
  return { count: countOfBase, tokensMost: lengthOf(seqLen), breath };
}

const embeddedModel = "tiny-chat-1";

/**
 * What a training is, before it begins: its steps and their tokens. The trainer counts by the same course, so what
 * is estimated, held and billed are the same numbers. Throws `invalid` with code `training_data` for data that teaches nothing.
 */
export async function measureExtent(
  task: Pick<TrainingTask, "training" | "validation" | "hyperparameters" | "seed" | "skipShare"> & {
    baseModel?: string;
  },
): Promise<TuningExtent> {
  const { baseModel = embeddedModel } = task;
  const reader = readerFor(baseModel, task.hyperparameters.seq_len);
  const { course, samples, skippedLines } = await survey(task, reader);
  const isHeldOut = course.heldOut.size > 0;
  return {
    steps: course.steps,
    epochs: course.epochs,
    samples: samples - course.heldOut.size,
    dataTokens: course.dataTokens,
    trainTokens: course.tokensOfSteps(0, course.steps),
    skippedLines,
    validationSamples: isHeldOut ? course.heldOut.size : await countValidation(task, reader),
    isHeldOut,
    ...(baseModel === embeddedModel ? {} : { isEstimate: true }),
  };
}

async function countValidation(task: SurveyTask, reader: Reader): Promise<number> {
  let samples = 0;
  for await (const _ of validationLessons(task, reader)) samples++;
  return samples;
}
