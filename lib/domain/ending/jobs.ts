import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { applyEnds, finalizeEnds, finishDrains } from "./applying/commands.ts";
import { purgeKept } from "./returning/commands.ts";

/** T-6-EFF: each minute. The gate refuses at the instant itself, so this is never what ends access. */
export const applyEndsJob = defineJob({
  name: "contract.apply-ends",
  clause: "T-6-EFF",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await applyEnds(ctx);
    await finishDrains(ctx);
    await finalizeEnds(ctx);
  },
});

/** T-4.3-DEL2, T-4.2.3-DEL2: what was kept for a return goes when its time is over. */
export const purgeKeptJob = defineJob({
  name: "contract.purge-kept",
  clause: "T-4.3-DEL2",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await purgeKept(ctx);
  },
});
