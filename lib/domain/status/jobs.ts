import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { rollDays } from "./looks/commands.ts";
import { forgetUnconfirmed, tellAll } from "./subscriptions/commands.ts";
import { telling } from "./subscriptions/input.ts";

/** T-4.4-SLO1: what each component was on the days that are over. Often, because looks of hours without a database come late. */
export const rollDaysJob = defineJob({
  name: "status.roll-days",
  clause: "T-4.4-SLO1",
  payload: z.unknown(),
  cron: "13 * * * *",
  run: async (ctx) => rollDays(ctx),
});

export const tellSubscribersJob = defineJob({
  ...telling,
  clause: "T-4.4-SLO1",
  run: (ctx, what) => tellAll(ctx, what),
});

export const forgetUnconfirmedJob = defineJob({
  name: "status.forget-unconfirmed",
  payload: z.unknown(),
  cron: "41 * * * *",
  run: async (ctx) => forgetUnconfirmed(ctx),
});
