import { z } from "zod";
import { addDays, dayOf } from "#lib/core/clock.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { endItems } from "./commands.ts";
import { judgeDay, measureDay } from "./figures/commands.ts";
import { discloseOpenings } from "./reading/commands.ts";

/** T-4.2.2-ABUSE: hourly, today and the day before, of which the last hours came in meanwhile. */
export const judgeFiguresJob = defineJob({
  name: "abuse.judge-figures",
  payload: z.unknown(),
  cron: "23 * * * *",
  run: async (ctx) => {
    for (const day of [dayOf(addDays(ctx.now, -1)), dayOf(ctx.now)]) {
      await measureDay(ctx, day);
      await judgeDay(ctx, day);
    }
  },
});

/** T-4.2.2-ABUSE: what was found ends in time, and what an order put off is told. */
export const endItemsJob = defineJob({
  name: "abuse.end-items",
  clause: "T-4.2.2-ABUSE",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  run: async (ctx) => {
    await discloseOpenings(ctx);
    await endItems(ctx);
  },
});
