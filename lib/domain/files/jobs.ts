import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { sweeping } from "#lib/domain/retention/blobs/rules.ts";
import { sweepFiles } from "./commands.ts";
import { sweepOrphans } from "./contents/commands.ts";
import { sweepParts, sweepUploads } from "./uploads/commands.ts";

export const sweepStoredFilesJob = defineJob({
  ...sweeping,
  cron: "*/10 * * * *",
  run: async (ctx) => {
    await sweepFiles(ctx);
    await sweepUploads(ctx);
  },
});

export const reconcileBlobsJob = defineJob({
  name: "files.reconcile",
  payload: z.unknown(),
  cron: "27 2 * * *",
  run: async (ctx) => {
    await sweepOrphans(ctx);
    await sweepParts(ctx);
  },
});
