import type { Env } from "#lib/core/env.ts";
import { openTrainers } from "#lib/engine/training/trainers.ts";
import { systemContext } from "#server/system-context.ts";
import { TrainingRunner } from "./runner.ts";

/** Trains what waits for this installation's own trainers, in the process of background jobs but not in its queue. */
export function startTrainings(env: Env): TrainingRunner {
  const runner = new TrainingRunner({
    trainers: openTrainers(env),
    slots: env.TRAININGS,
    context: () => systemContext("trainer"),
  });
  runner.start();
  return runner;
}
