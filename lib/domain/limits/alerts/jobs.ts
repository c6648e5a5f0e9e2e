import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { log } from "#lib/core/log.ts";
import { sendAlerts } from "./commands.ts";

/** T-4.2.2.2-LIM3: each minute, so that who is warned can still do something about it. */
export const sendAlertsJob = defineJob({
  name: "limits.send-alerts",
  clause: "T-4.2.2.2-LIM3",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    const letters = await sendAlerts(ctx);
    if (letters > 0) log("limits.alerted", { clause: "T-4.2.2.2-LIM3", limits: letters });
  },
});
