import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { sweepFiles, sweepOrphans } from "./commands.ts";

export const sweepFilesJob = defineJob({
  name: "help.sweep-files",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  run: (ctx) => sweepFiles(ctx),
});

export const reconcileFilesJob = defineJob({
  name: "help.reconcile-files",
  payload: z.unknown(),
  cron: "17 2 * * *",
  run: async (ctx) => {
    await sweepOrphans(ctx);
  },
});
