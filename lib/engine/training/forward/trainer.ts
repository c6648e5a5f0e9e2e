import { setTimeout } from "node:timers/promises";
import type { ClaimLine, Outcome, Trainer, TrainingTask } from "#lib/engine/training/port.ts";
import type { Dialect } from "./dialect.ts";
import { mistralDialect } from "./mistral.ts";
import { openaiDialect } from "./openai.ts";
import { Ordering } from "./order.ts";
import { type Pause, Reports } from "./reports.ts";
import { ForwardRun } from "./run.ts";
import { patiently } from "./settle.ts";
import { Refused, type TrainingServer, Wire } from "./wire.ts";

export type ForwardModel = {
  /** The id of the upstream. */
  upstream: string;
  server: TrainingServer;
  /** The model's name there. */
  model: string;
  dialect: "openai" | "mistral";
  baseRate?: number | undefined;
};

export type ForwardConfig = {
  /** By the name it has here. */
  models: ReadonlyMap<string, ForwardModel>;
  /** Time passes otherwise in tests. */
  wait?: Pause;
};

const waitInTime: Pause = async (ms, signal) => {
  await setTimeout(ms, undefined, { signal });
};

const dialectOf = ({ dialect, baseRate }: ForwardModel): Dialect =>
  dialect === "openai" ? openaiDialect(baseRate) : mistralDialect;

/** Has models trained by the servers that serve them. */
export const createForwardTrainer = ({ models, wait = waitInTime }: ForwardConfig): Trainer => ({
  kind: "forward",
  async train(task: TrainingTask, line: ClaimLine, signal: AbortSignal): Promise<Outcome> {
    const model = models.get(task.baseModel);
    if (!model) return { outcome: "failed", step: 0, failure: noServer };
    const place = { wire: new Wire(model.server), model: model.model, dialect: dialectOf(model), signal };
    const reports = new Reports(line, signal, wait, task.keptStep);
    try {
      const outcome = await new ForwardRun(task, place, new Ordering(line, place, reports), reports).run();
      return outcome.outcome === "succeeded" ? { ...outcome, upstream: model.upstream } : outcome;
    } catch (error) {
      if (signal.aborted) return { outcome: "lost" };
      throw error;
    }
  },
});

const noServer = {
  code: "internal" as const,
  message: "No server of this installation trains this model any more.",
  advice: "Choose a model that is offered for tuning.",
};

/** Deletes a tuned model at the server that has it; false where it was not there. */
export async function removeForwardModel(
  { server }: Pick<ForwardModel, "server">,
  name: string,
  signal: AbortSignal,
  wait: Pause = waitInTime,
): Promise<boolean> {
  const wire = new Wire(server);
  const path = `/models/${encodeURIComponent(name)}`;
  try {
    await patiently(
      () => wire.remove(path, signal),
      (ms) => wait(ms, signal),
    );
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return false;
    throw error;
  }
}
