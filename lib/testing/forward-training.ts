import { createForwardTrainer, type ForwardModel } from "#lib/engine/training/forward/trainer.ts";
import type { Outcome, TrainingTask } from "#lib/engine/training/port.ts";
import { ClaimBooks } from "./claim-books.ts";
import { butlerTask } from "./lessons.ts";
import { TrainingServer, type TrainingServerOptions } from "./training-server.ts";

export const never = new AbortController().signal;
const open: TrainingServer[] = [];

/** For `afterEach`. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

export async function startServer(options: TrainingServerOptions): Promise<TrainingServer> {
  const server = await new TrainingServer(options).start();
  open.push(server);
  return server;
}

export const dialects = ["openai", "mistral"] as const;
export const modelAt = ({ url, options }: TrainingServer, baseRate?: number): ForwardModel => ({
  upstream: "there",
  server: { url, headers: {}, timeoutMs: 5000, apiKey: "a key" },
  model: "their-model",
  dialect: options.dialect,
  baseRate,
});

/** Time passes at once; `pauses` say how much of it. */
export function trainerFor(model: ForwardModel) {
  const pauses: number[] = [];
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    pauses.push(ms);
  };
  return { trainer: createForwardTrainer({ models: new Map([["our-model", model]]), wait }), pauses };
}

export const task = butlerTask({ baseModel: "our-model", steps: 30, tokensMost: 6000 });

export async function train(model: ForwardModel, books = new ClaimBooks(), own: TrainingTask = task): Promise<Outcome> {
  return await trainerFor(model).trainer.train({ ...own, keptStep: books.keptStep }, books.line(), never);
}
