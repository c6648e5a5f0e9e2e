import { env } from "#lib/core/env.ts";
import { Fault } from "#lib/core/errors.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { removeForwardModel } from "#lib/engine/training/forward/trainer.ts";
import { serverThatTuned } from "#lib/engine/training/trainers.ts";
import { thereDeletion } from "./input.ts";

const triedMs = 60_000;

export const deleteThereJob = defineJob({
  ...thereDeletion,
  run: async (_, { base, name, upstream }) => {
    const model = serverThatTuned(env(), base, upstream);
    // Staff see the job that failed, and delete it by hand.
    if (!model) throw new Fault("A tuned model is to be deleted at a server that is not configured any more.");
    await removeForwardModel(model, name, AbortSignal.timeout(triedMs));
  },
});
