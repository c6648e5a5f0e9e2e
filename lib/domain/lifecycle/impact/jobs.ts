import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { rollingUses } from "#lib/domain/lifecycle/input.ts";
import { remindOfEnds, rollUses } from "./commands.ts";

/** At an announcement, and each night. */
export const rollUsesJob = defineJob({ ...rollingUses, cron: "41 1 * * *", run: (ctx) => rollUses(ctx) });

/** T-4.2.1-DISC4: each hour, so that a reminder comes on its day. */
export const remindOfEndsJob = defineJob({
  name: "models.remind",
  payload: z.unknown(),
  cron: "13 * * * *",
  run: (ctx) => remindOfEnds(ctx),
});
