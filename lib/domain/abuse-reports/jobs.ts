import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { endReports } from "./commands.ts";

export const endReportsJob = defineJob({
  name: "abuse-reports.end",
  payload: z.unknown(),
  cron: "47 3 * * *",
  run: (ctx) => endReports(ctx),
});
