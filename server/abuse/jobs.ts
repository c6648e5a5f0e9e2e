import { z } from "zod";
import { sql } from "#db/client.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { log } from "#lib/core/log.ts";
import { scanContents } from "#lib/domain/abuse/scan/commands.ts";
import { openUnseal } from "#lib/gateway/metering/reading.ts";
import { openModerator } from "./moderator.ts";

/** Less than the ten minutes to the next one. */
const budgetMs = 8 * 60_000;

/** T-4.2.2-ABUSE: looks through what came into the content log since the last time. */
export const scanContentsJob = defineJob({
  name: "abuse.scan-contents",
  clause: "T-4.2.2-ABUSE",
  payload: z.unknown(),
  cron: "*/10 * * * *",
  run: async (ctx) => {
    const { moderator, close } = await openModerator(ctx);
    try {
      const scanned = await scanContents(ctx, { unseal: openUnseal(sql()), moderator, budgetMs });
      if (scanned > 0) log("abuse.scanned", { clause: "T-4.2.2-ABUSE", requests: scanned });
    } finally {
      await close();
    }
  },
});
