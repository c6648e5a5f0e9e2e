import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { purgeBuckets } from "./commands.ts";

export const purgeBucketsJob = defineJob({
  name: "rates.purge-buckets",
  payload: z.unknown(),
  cron: "41 3 * * *",
  run: (ctx) => purgeBuckets(ctx),
});
