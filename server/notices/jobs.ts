import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { applyNotices } from "#lib/domain/notices/legal/applying/commands.ts";
import { runNotices, settleNotices, sweepRuns } from "#lib/domain/notices/legal/commands.ts";
import { running, settling } from "#lib/domain/notices/legal/input.ts";
import { activatePublications } from "#lib/domain/publications/commands.ts";
import { noteTold } from "#lib/domain/status/commands.ts";
import { notices } from "./registry.ts";

/** Writes the letters of an announcement. */
export const runNoticesJob = defineJob({
  ...running,
  run: async (ctx, run) => void (await runNotices(ctx, run, notices)),
});

/** Fixes when a customer's notices were given, once the mail server has answered about one. */
export const settleNoticesJob = defineJob({
  ...settling,
  run: (ctx, of) => settleNotices(ctx, notices, of),
});

/** Each minute: what a process left when it died is taken up again. No effect of a notice waits for it. */
export const sweepNoticesJob = defineJob({
  name: "notices.sweep",
  clause: "T-4.2.1-DISC3",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await settleNotices(ctx, notices);
    await sweepRuns(ctx, notices);
    await noteTold(ctx);
    await activatePublications(ctx);
    await applyNotices(ctx, notices);
  },
});
