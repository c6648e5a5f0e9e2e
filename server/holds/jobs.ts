import { z } from "zod";
import { sql } from "#db/client.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { copyHeld } from "#lib/domain/retention/holds/copies/commands.ts";
import { discloseHolds } from "#lib/domain/retention/holds/ending/commands.ts";
import { copying } from "#lib/domain/retention/holds/input.ts";
import type { OpenPack } from "#lib/domain/retention/holds/view.ts";
import { openPack } from "#lib/gateway/metering/contents.ts";
import { ScopeKeys } from "#lib/gateway/metering/scope-keys.ts";

const opener = (): OpenPack => {
  // Keys of one run: nothing is remembered that was destroyed since.
  const keys = new ScopeKeys(sql(), { subscribe: () => undefined });
  return (pack) => openPack(keys, pack, pack);
};

/** Copies what a hold keeps as soon as it is in force. */
export const copyHeldJob = defineJob({ ...copying, run: async (ctx) => void (await copyHeld(ctx, opener())) });

/** Every five minutes, long before the thirty days of anything are over; tells what may be told now. */
export const keepHeldJob = defineJob({
  name: "holds.keep",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  run: async (ctx) => {
    await copyHeld(ctx, opener());
    await discloseHolds(ctx);
  },
});
