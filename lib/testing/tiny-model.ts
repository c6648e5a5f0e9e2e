import { tmpdir } from "node:os";
import path from "node:path";
import { createCollector } from "#lib/engine/port/collect.ts";
import type { Completion, CompletionRequest } from "#lib/engine/port/port.ts";
import { loadBase } from "#lib/engine/tiny/base.ts";
import { respond } from "#lib/engine/tiny/respond.ts";
import { createSampler } from "#lib/engine/tiny/sampler.ts";

/** Shared by test files and runs: the file's name changes with the text and the code. */
export const testCacheDir = path.join(tmpdir(), "comptoir-tiny-tests");

export const testBase = await loadBase(testCacheDir);
export const testSampler = createSampler(testBase);
export const testModel = testSampler.model;

/** The answer without a worker around the model. */
export function answer(request: CompletionRequest, seed = 1): Completion {
  const { steps, usage } = respond(testSampler, request, request.sampling.seed ?? seed);
  const collector = createCollector();
  for (const delta of steps) if (delta) collector.add(delta);
  return collector.completion(usage);
}

export const textOf = (request: CompletionRequest, seed = 1): string =>
  answer(request, seed).choices[0]?.message.content ?? "";
