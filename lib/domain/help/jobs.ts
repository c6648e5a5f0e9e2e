import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { closeTickets, wakeTickets } from "./desk/commands.ts";

export const closeTicketsJob = defineJob({
  name: "help.close-tickets",
  payload: z.unknown(),
  cron: "7 * * * *",
  run: (ctx) => closeTickets(ctx),
});

export const wakeTicketsJob = defineJob({
  name: "help.wake-tickets",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  run: (ctx) => wakeTickets(ctx),
});
