import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { rateOverrides, rateRequests } from "#db/schema/rates.ts";
import { authorize } from "#lib/access/authorize.ts";
import type { Context, OrganizationContext } from "#lib/context.ts";
import { loadCatalogue } from "#lib/gate/catalogue.ts";
import { type Shape, shapeOf } from "#lib/limiter/shape.ts";
import { sharedStore } from "#lib/limiter/shared-store.ts";
import { logError } from "#lib/log.ts";
import {
  type Gauge,
  gaugeOf,
  limitsFor,
  type RateFacts,
  type RateFactsRow,
  type RateLimit,
  rateFacts,
} from "./rules.ts";

/** What the organization's rate limits follow from: the same facts the gate reads with a key. */
export async function factsOf(ctx: OrganizationContext): Promise<RateFacts> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db.execute<{ facts: string }>(sql`select rate_facts(${ctx.organizationId})::text as facts`);
  return rateFacts(JSON.parse(row?.facts ?? "null") as RateFactsRow);
}

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
  const counted = new Map<string, { limit: RateLimit; shape: Shape }>();
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
async function levelsOf(organizationId: Id<"organization">, shapes: Shape[]): Promise<(number | null)[]> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The store of the rate limits does not answer.")), patienceMs);
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

/** What a request says, for whoever may see it. */
export const requestColumns = {
  id: rateRequests.id,
  model: rateRequests.model,
  requestsPerSecond: rateRequests.requestsPerSecond,
  tokensPerMinute: rateRequests.tokensPerMinute,
  tokensPerMonth: rateRequests.tokensPerMonth,
  useCase: rateRequests.useCase,
  state: rateRequests.state,
  answer: rateRequests.answer,
  decidedAt: rateRequests.decidedAt,
  createdAt: rateRequests.createdAt,
  requesterName: users.name,
};

export type RateRequestView = Pick<
  typeof rateRequests.$inferSelect,
  Exclude<keyof typeof requestColumns, "requesterName">
> & {
  requesterName: string;
};

/** What the organization has asked for, latest first, with the answers. */
export async function rateRequestsOf(ctx: OrganizationContext): Promise<RateRequestView[]> {
  authorize(ctx.actor, "rates.request");
  return ctx.db
    .select(requestColumns)
    .from(rateRequests)
    .innerJoin(users, eq(users.id, rateRequests.userId))
    .where(eq(rateRequests.organizationId, ctx.organizationId))
    .orderBy(desc(rateRequests.id))
    .limit(50);
}

export type WorkspaceRates = Pick<
  typeof rateOverrides.$inferSelect,
  "id" | "model" | "requestsPerSecond" | "tokensPerMinute" | "tokensPerMonth" | "createdAt"
>;

/** The tighter limits the workspace has set for itself, one for each model and one for the others. */
export async function workspaceRates(ctx: Context): Promise<WorkspaceRates[]> {
  authorize(ctx.actor, "limits.read");
  return ctx.db
    .select({
      id: rateOverrides.id,
      model: rateOverrides.model,
      requestsPerSecond: rateOverrides.requestsPerSecond,
      tokensPerMinute: rateOverrides.tokensPerMinute,
      tokensPerMonth: rateOverrides.tokensPerMonth,
      createdAt: rateOverrides.createdAt,
    })
    .from(rateOverrides)
    .where(
      and(
        eq(rateOverrides.organizationId, ctx.organizationId),
        eq(rateOverrides.workspaceId, ctx.workspaceId),
        eq(rateOverrides.source, "workspace"),
        isNull(rateOverrides.endedAt),
        or(isNull(rateOverrides.expiresAt), gt(rateOverrides.expiresAt, ctx.now)),
      ),
    )
    .orderBy(rateOverrides.model);
}
