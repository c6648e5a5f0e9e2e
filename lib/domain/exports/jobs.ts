import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Id } from "#db/id.ts";
import { addDays, stopwatch } from "#lib/core/clock.ts";
import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { defineJob, enqueue } from "#lib/core/jobs/define.ts";
import { bindHours, purgeParcels } from "./binding/commands.ts";
import { dropOverdue, releaseExports, sendNextParcel } from "./delivery/commands.ts";
import { dueExports, fileTargets, overdueExports } from "./queries.ts";
import { exportSpansKind, listedDays, sendExportsKind, slotMs, slots } from "./rules.ts";

type Place = { organizationId: Id<"organization">; connectionId: Id<"connection"> };

const wake = (ctx: AccountContext, place: Place): Promise<void> =>
  enqueue(ctx, sendExportsKind, place, { key: place.connectionId });

/** T-4.2.1-TPS1: finds what waits to leave, every ten seconds, and what has waited for too long. */
export const exportSpansJob = defineJob({
  ...exportSpansKind,
  cron: "* * * * *",
  run: async (ctx, { slot }) => {
    if (slot === undefined) {
      for (const next of slots) {
        const runAt = new Date(ctx.now.getTime() + next * slotMs);
        await enqueue(ctx, exportSpansKind, { slot: next }, { key: String(next), runAt });
      }
      for (const { organizationId, connectionId } of await overdueExports(ctx))
        await dropOverdue(inOrganization(ctx, organizationId), connectionId);
    }
    for (const place of await dueExports(ctx)) await wake(ctx, place);
  },
});

/** Every hour: binds what was committed in the hours before to files, which are sent as everything else. */
export const exportUsageJob = defineJob({
  name: "integrations.export-usage",
  payload: z.unknown(),
  cron: "7 * * * *",
  run: async (ctx) => {
    for (const place of await fileTargets(ctx))
      if (await bindHours(inOrganization(ctx, place.organizationId), place.connectionId)) await wake(ctx, place);
    await purgeParcels(ctx, addDays(ctx.now, -listedDays));
  },
});

const longestRunMs = 60_000;

/** Sends one parcel after the other; a slow receiver holds up only itself. */
export const sendExportsJob = defineJob({
  ...sendExportsKind,
  run: async (ctx, { organizationId, connectionId }) => {
    const inside = inOrganization(ctx, organizationId);
    const [worker, began] = [randomUUID(), stopwatch()];
    while (stopwatch() - began < longestRunMs) if (!(await sendNextParcel(inside, connectionId, worker))) break;
    await releaseExports(inside, connectionId, worker);
  },
});
