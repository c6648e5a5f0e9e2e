import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { turnHours, turnRings } from "./commands.ts";

/** T-4.2.2.1-D1, T-4.2.2.2-D1: no key of an hour outlives its thirty days by more than five minutes. */
export const turnHoursJob = defineJob({
  name: "retention.turn-hours",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  run: (ctx) => turnHours(ctx),
});

/** Every night: what was deleted by day cannot be opened in any backup when its horizon has passed. */
export const turnRingsJob = defineJob({
  name: "retention.turn-rings",
  payload: z.unknown(),
  cron: "17 2 * * *",
  run: (ctx) => turnRings(ctx),
});
