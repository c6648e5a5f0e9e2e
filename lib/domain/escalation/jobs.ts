import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { sweepDeadlines } from "./commands.ts";

/** Each minute. No date waits for it: it reminds, escalates, and says what is overdue. */
export const sweepDeadlinesJob = defineJob({
  name: "contract.sweep-deadlines",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await sweepDeadlines(ctx);
  },
});
