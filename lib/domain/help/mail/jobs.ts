import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { purgeMail } from "./commands.ts";

export const purgeMailJob = defineJob({
  name: "help.purge-mail",
  payload: z.unknown(),
  cron: "23 3 * * *",
  run: (ctx) => purgeMail(ctx),
});
