import { z } from "zod";
import { defineJob, enqueue } from "#lib/core/jobs/define.ts";
import {
  activeZeroRetention,
  endNoticed,
  pendingZeroRetention,
  verifyZeroRetention,
} from "#lib/domain/zero-retention/checks/commands.ts";
import { implementZeroRetention } from "#lib/domain/zero-retention/force/commands.ts";
import { implementing } from "#lib/domain/zero-retention/input.ts";
import { proveVersion } from "#lib/domain/zero-retention/versions/commands.ts";
import { lookAndLog, whenReady } from "./readiness.ts";
import { verifyScope } from "./verify.ts";
import { runningVersion } from "./version.ts";

const verifyWhenReady = whenReady(verifyScope);

/** T-4.2.2.2-ZDR3: takes an approved request one step further, and comes back for the rest. */
export const implementZeroRetentionJob = defineJob({
  ...implementing,
  run: async (ctx, named) => {
    const runAt = await implementZeroRetention(ctx, named, verifyWhenReady);
    if (runAt) await enqueue(ctx, implementing, named, { key: named.id, runAt });
  },
});

/** T-4.2.2.2-ZDR3: what a process left when it died is taken up again within a minute. */
export const resumeZeroRetentionJob = defineJob({
  name: "zero-retention.resume",
  clause: "T-4.2.2.2-ZDR3",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await endNoticed(ctx);
    for (const named of await pendingZeroRetention(ctx)) await implementZeroRetention(ctx, named, verifyWhenReady);
    await proveVersion(ctx, runningVersion(), verifyScope);
  },
});

/** T-4.2.2.2-ZDR4: weekly, what was found once is looked for again. */
export const verifyZeroRetentionJob = defineJob({
  name: "zero-retention.verify",
  clause: "T-4.2.2.2-ZDR4",
  payload: z.unknown(),
  cron: "17 4 * * 1",
  run: async (ctx) => {
    for (const named of await activeZeroRetention(ctx)) await verifyZeroRetention(ctx, named, verifyScope);
  },
});

/** T-4.2.2.2-ZDR4: hourly, for the desk; and before anything becomes active, by the job that makes it so. */
export const checkReadinessJob = defineJob({
  name: "zero-retention.readiness",
  clause: "T-4.2.2.2-ZDR4",
  payload: z.unknown(),
  cron: "23 * * * *",
  run: async (ctx) => void (await lookAndLog(ctx)),
});
