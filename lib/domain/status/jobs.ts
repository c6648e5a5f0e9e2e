import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { rollDays } from "./looks/commands.ts";

/** T-4.4-SLO1: what each component was on the days that are over. Often, because looks of hours without a database come late. */
export const rollDaysJob = defineJob({
  name: "status.roll-days",
  clause: "T-4.4-SLO1",
  payload: z.unknown(),
  cron: "13 * * * *",
  run: async (ctx) => rollDays(ctx),
});
