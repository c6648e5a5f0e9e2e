import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { accrueStorage } from "./commands.ts";

export const accrueStorageJob = defineJob({
  name: "fine-tuning.accrue-storage",
  payload: z.unknown(),
  cron: "10 0 * * *",
  run: async (ctx) => {
    await accrueStorage(ctx);
  },
});
