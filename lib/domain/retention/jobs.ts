import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { log } from "#lib/core/log.ts";
import { prepareContents, purgeContents, receiptEnds } from "./commands.ts";
import { copyReceipts } from "./copies/commands.ts";
import { escalateDeletions, runDeletions } from "./deletions/commands.ts";

/** T-4.2.2.1-D1, T-4.2.2.2-D1: every five minutes, so that no copy outlives its thirty days by more. */
export const purgeContentsJob = defineJob({
  name: "retention.purge-contents",
  clause: "T-4.2.2.1-D1",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  run: async (ctx) => {
    const purged = await purgeContents(ctx);
    if (purged > 0) log("retention.purged", { clause: "T-4.2.2.2-D1", contents: purged });
  },
});

/** T-4.2.2.2-D1: in the morning, what ended the day before has its receipts. */
export const receiptEndsJob = defineJob({
  name: "retention.receipt-ends",
  payload: z.unknown(),
  cron: "29 * * * *",
  run: async (ctx) => void (await receiptEnds(ctx)),
});

/** Hourly, and two days ahead: whoever writes makes what is missing, but then stands in the way of others for a moment. */
export const prepareContentsJob = defineJob({
  name: "retention.prepare-contents",
  payload: z.unknown(),
  cron: "41 * * * *",
  run: (ctx) => prepareContents(ctx),
});

/** Each minute: only what has a copy elsewhere is noticed when a backup without it is put back. */
export const copyReceiptsJob = defineJob({
  name: "retention.copy-receipts",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => void (await copyReceipts(ctx)),
});

/** T-4.3-DEL3: what is asked for in writing is carried out long before it is due. */
export const runDeletionsJob = defineJob({
  name: "retention.run-deletions",
  clause: "T-4.3-DEL3",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  run: async (ctx) => {
    await runDeletions(ctx);
    await escalateDeletions(ctx);
  },
});
