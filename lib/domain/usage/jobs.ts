import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { preparePartitions } from "./commands.ts";

/** Daily, and two months ahead, so that a worker that stood still for weeks loses no event. */
export const preparePartitionsJob = defineJob({
  name: "usage.prepare-partitions",
  payload: z.unknown(),
  cron: "17 2 * * *",
  run: (ctx) => preparePartitions(ctx),
});
