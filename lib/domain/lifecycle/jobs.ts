import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { retireModels } from "./retiring/commands.ts";

/** T-4.2.1-DISC1: each minute. The gate refuses at each customer's instant itself, so nothing waits for this. */
export const retireModelsJob = defineJob({
  name: "models.retire",
  payload: z.unknown(),
  cron: "* * * * *",
  run: (ctx) => retireModels(ctx),
});
