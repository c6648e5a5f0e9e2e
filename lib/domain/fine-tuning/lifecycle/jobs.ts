import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { cancelUnstarted, eraseCredentials, turnMonths } from "./commands.ts";

/** Jobs that no trainer writes to at the turn of a month, because they wait for one. */
export const turnTuningMonthsJob = defineJob({
  name: "fine-tuning.turn-months",
  payload: z.unknown(),
  cron: "4 * * * *",
  run: async (ctx) => {
    await turnMonths(ctx);
  },
});

/** What has waited too long for a person, and what is kept too long after an end. */
export const tidyTuningsJob = defineJob({
  name: "fine-tuning.tidy",
  payload: z.unknown(),
  cron: "35 3 * * *",
  run: async (ctx) => {
    await cancelUnstarted(ctx);
    await eraseCredentials(ctx);
  },
});
