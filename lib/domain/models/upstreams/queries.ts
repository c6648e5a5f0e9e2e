import { asc, gt } from "drizzle-orm";
import { upstreamStates } from "#db/schema/models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { UpstreamSeen } from "./view.ts";

/** A process tells every thirty seconds, so one that has not for two minutes is gone. */
const freshMinutes = 2;

/** How every process that is there finds the upstreams. */
export async function upstreamsSeen(ctx: AccountContext): Promise<UpstreamSeen[]> {
  authorize(ctx.actor, "upstreams.read");
  const { processId, upstream, model, state, since, reason, seenAt } = upstreamStates;
  return ctx.db
    .select({ processId, upstream, model, state, since, reason })
    .from(upstreamStates)
    .where(gt(seenAt, addMinutes(ctx.now, -freshMinutes)))
    .orderBy(asc(upstream), asc(model), asc(processId));
}
