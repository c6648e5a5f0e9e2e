import path from "node:path";
import type { Env } from "#lib/core/env.ts";
import { upstreamsOf } from "#lib/engine/config.ts";
import { createEmbeddedReviewer } from "./embedded/reviewer.ts";
import { createEmbeddedTrainer } from "./embedded/trainer.ts";
import { createForwardTrainer, type ForwardModel } from "./forward/trainer.ts";
import type { Reviewer, Trainer } from "./port.ts";

/** The bundle that trains and reviews, and how it does. */
const embeddedConfig = ({ DATA_DIR, TRAINING_PACE }: Env) => ({
  workerFile: path.resolve("dist/tiny-trainer.mjs"),
  cacheDir: path.resolve(DATA_DIR, "engine"),
  isPaced: TRAINING_PACE === "on",
});

/** Who asks bases and what was trained on them side by side; undefined where the embedded model is off. */
export const openReviewer = (env: Env): Reviewer | undefined =>
  env.EMBEDDED_MODELS === "on" ? createEmbeddedReviewer(embeddedConfig(env)) : undefined;

/** The trainers of this process: those that need nothing but it, or a server that trains. */
export function openTrainers(env: Env): Trainer[] {
  const trainers: Trainer[] = env.EMBEDDED_MODELS === "on" ? [createEmbeddedTrainer(embeddedConfig(env))] : [];
  const models = forwardModels(env);
  return models.size > 0 ? [...trainers, createForwardTrainer({ models })] : trainers;
}

/** The models that the servers which serve them train as well, by their names there, each at the first that does. */
export function forwardModels(env: Env): Map<string, ForwardModel> {
  const models = new Map<string, ForwardModel>();
  for (const model of trainedElsewhere(env)) if (!models.has(model.model)) models.set(model.model, model);
  return models;
}

/** The server that has what it tuned from a model: that of the upstream, or the first that trains the model. */
export const serverThatTuned = (env: Env, base: string, upstream: string | undefined): ForwardModel | undefined =>
  trainedElsewhere(env).find((one) => (upstream === undefined ? one.model === base : one.upstream === upstream));

const trainedElsewhere = (env: Env): ForwardModel[] =>
  upstreamsOf(env.UPSTREAMS).flatMap(({ id: upstream, url, apiKeyEnv, headers, timeoutMs, models }) => {
    const apiKey = apiKeyEnv ? process.env[apiKeyEnv] : undefined;
    const server = { url, apiKey, headers, timeoutMs: timeoutMs ?? env.UPSTREAM_TIMEOUT_MS };
    return models.flatMap(({ id, upstreamModel: model = id, tuning }) =>
      tuning ? [{ upstream, server, model, dialect: tuning.dialect, baseRate: tuning.baseRate }] : [],
    );
  });
