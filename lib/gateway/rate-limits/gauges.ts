import type { Id } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";
import { type Gauge, gaugeOf, limitsFor, type RateLimit } from "#lib/domain/rates/rules.ts";
import { type BucketShape, shapeOf } from "./bucket-shape.ts";
import { sharedStore } from "./shared-store.ts";

export type LiveRates = { at: Date; gauges: Gauge[] };

/**
 * T-4.2.2.2-RL: every rate limit that can refuse a request of this workspace, its document, and how much of it is used now:
 * from the function the gate asks and the buckets it takes from.
 */
export async function liveRates(ctx: Context): Promise<LiveRates> {
  authorize(ctx.actor, "limits.read");
  return { at: ctx.now, gauges: await gaugesOf(ctx, ctx.workspaceId) };
}

/** The organization's own limits, without those of its workspaces. */
export async function organizationRates(ctx: OrganizationContext): Promise<LiveRates> {
  authorize(ctx.actor, "limits.read");
  return { at: ctx.now, gauges: await gaugesOf(ctx, null) };
}

async function gaugesOf(ctx: OrganizationContext, workspaceId: Id<"workspace"> | null): Promise<Gauge[]> {
  const [facts, { models }] = await Promise.all([factsOf(ctx), loadCatalogue(ctx.db, ctx.now)]);
  const counted = new Map<string, { limit: RateLimit; shape: BucketShape }>();
  for (const { id: model } of models) {
    for (const limit of limitsFor(facts, { workspaceId, model }, ctx.now)) {
      const shape = shapeOf(limit, workspaceId, ctx.now);
      counted.set(shape.name, { limit, shape });
    }
  }
  const pairs = [...counted.values()];
  const levels = await levelsOf(
    ctx.organizationId,
    pairs.map(({ shape }) => shape),
  );
  return pairs.map(({ limit, shape }, index) => gaugeOf(limit, shape, levels[index] ?? null, ctx.now));
}

const patienceMs = 1500;

/** Null where the store does not answer: the limits themselves are worth showing without their use. */
async function levelsOf(organizationId: Id<"organization">, shapes: BucketShape[]): Promise<(number | null)[]> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault("The store of the rate limits does not answer.")), patienceMs);
  });
  try {
    const read = async () => (await sharedStore()).read(organizationId, shapes);
    return (await Promise.race([read(), silence])).map(({ level }) => level);
  } catch (error) {
    logError("rates.levels", error);
    return shapes.map(() => null);
  } finally {
    clearTimeout(timer);
  }
}
