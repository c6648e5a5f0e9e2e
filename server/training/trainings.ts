import type { Env } from "#lib/core/env.ts";
import type { Trainer } from "#lib/engine/training/port.ts";
import { openReviewer, openTrainers } from "#lib/engine/training/trainers.ts";
import { systemContext } from "#server/system-context.ts";
import { ReviewRunner } from "./reviewer.ts";
import { TrainingRunner } from "./runner.ts";

/** One that another server does costs this process next to nothing. */
const forwardSlots = 8;

/** Trains and reviews what waits for this installation's own trainers, beside its background jobs but not in their queue. */
export function startTrainings(env: Env): { stop: () => Promise<void> } {
  const slots: Record<Trainer["kind"], number> = { embedded: env.TRAININGS, forward: forwardSlots, pull: 0 };
  const trainers = openTrainers(env).flatMap((trainer) => Array<typeof trainer>(slots[trainer.kind]).fill(trainer));
  const context = () => systemContext("trainer");
  const runners = [
    new TrainingRunner({ trainers, context }),
    new ReviewRunner({ reviewer: openReviewer(env), context }),
  ];
  for (const runner of runners) runner.start();
  return {
    stop: async () => {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}
