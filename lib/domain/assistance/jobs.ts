import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { expireAssistance } from "./commands.ts";

/** T-4.2.3-ASSIST: what is over is not read from the moment it is; this says so to everyone. */
export const expireAssistanceJob = defineJob({
  name: "assistance.expire",
  clause: "T-4.2.3-ASSIST",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  run: async (ctx) => {
    await expireAssistance(ctx);
  },
});
