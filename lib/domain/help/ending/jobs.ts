import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { endFiles, endTickets } from "./commands.ts";

/** Hourly, so that nothing is kept for much longer than it is said to be. */
export const endTicketsJob = defineJob({
  name: "help.end-tickets",
  payload: z.unknown(),
  cron: "37 * * * *",
  run: async (ctx) => {
    await endFiles(ctx);
    await endTickets(ctx);
  },
});
