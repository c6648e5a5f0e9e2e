import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { purgeRecords } from "./organization/commands.ts";
import { purgeLeftBehind } from "./remains/commands.ts";

/** Nothing outlives its owner without a clock: conversations of people who left, records of organizations that are gone. */
export const purgeRemains = defineJob({
  name: "leaving.purge-remains",
  payload: z.unknown(),
  cron: "41 3 * * *",
  run: async (ctx) => {
    await purgeLeftBehind(ctx);
    await purgeRecords(ctx);
  },
});
