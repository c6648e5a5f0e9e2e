import type { Env } from "#lib/core/env.ts";
import type { Trainer } from "#lib/engine/training/port.ts";
import { openTrainers } from "#lib/engine/training/trainers.ts";
import { systemContext } from "#server/system-context.ts";
import { TrainingRunner } from "./runner.ts";

/** One that another server does costs this process next to nothing. */
const forwardSlots = 8;

/** Trains what waits for this installation's own trainers, in the process of background jobs but not in its queue. */
export function startTrainings(env: Env): TrainingRunner {
  const slots: Record<Trainer["kind"], number> = { embedded: env.TRAININGS, forward: forwardSlots, pull: 0 };
  const trainers = openTrainers(env).flatMap((trainer) => Array<typeof trainer>(slots[trainer.kind]).fill(trainer));
  const runner = new TrainingRunner({ trainers, context: () => systemContext("trainer") });
  runner.start();
  return runner;
}
