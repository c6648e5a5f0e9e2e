import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { keepOrdered } from "./keeping/commands.ts";

export const keepOrderedJob = defineJob({
  name: "orders.keep-paid",
  payload: z.unknown(),
  cron: "* * * * *",
  run: (ctx) => keepOrdered(ctx),
});
