import { and, asc, desc, eq, gt, gte, lt, lte } from "drizzle-orm";
import { type Id, timeOf } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { usageEvents } from "#db/schema/usage.ts";
import { authorize } from "#lib/access/authorize.ts";
import { addDays } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import { AppError } from "#lib/errors.ts";
import type { RequestFilter } from "./input.ts";

const pageSize = 50;

const listed = {
  id: usageEvents.id,
  at: usageEvents.at,
  keyId: usageEvents.keyId,
  keyName: keys.name,
  endpoint: usageEvents.endpoint,
  model: usageEvents.model,
  requestedModel: usageEvents.requestedModel,
  streamed: usageEvents.streamed,
  promptTokens: usageEvents.promptTokens,
  cachedTokens: usageEvents.cachedTokens,
  completionTokens: usageEvents.completionTokens,
  costPico: usageEvents.costPico,
  latencyMs: usageEvents.latencyMs,
  firstByteMs: usageEvents.firstByteMs,
  status: usageEvents.status,
  outcome: usageEvents.outcome,
  reason: usageEvents.reason,
};

const keyJoin = and(eq(keys.organizationId, usageEvents.organizationId), eq(keys.id, usageEvents.keyId));
const mine = (ctx: Context) =>
  and(eq(usageEvents.organizationId, ctx.organizationId), eq(usageEvents.workspaceId, ctx.workspaceId));

function select(ctx: Context) {
  return ctx.db.select(listed).from(usageEvents).leftJoin(keys, keyJoin).$dynamic();
}
export type RequestView = Awaited<ReturnType<typeof select>>[number];

function matching(ctx: Context, { model, key, outcome, before, after }: RequestFilter) {
  return and(
    mine(ctx),
    model ? eq(usageEvents.model, model) : undefined,
    key ? eq(usageEvents.keyId, key) : undefined,
    outcome ? eq(usageEvents.outcome, outcome) : undefined,
    before && !after ? lt(usageEvents.id, before) : undefined,
    after ? gt(usageEvents.id, after) : undefined,
  );
}

/** A page of the request log, newest first, with the ids that lead to its neighbours. */
export type RequestPage = { requests: RequestView[]; newer: Id<"request"> | null; older: Id<"request"> | null };

export async function requestsOf(ctx: Context, filter: RequestFilter): Promise<RequestPage> {
  authorize(ctx.actor, "requests.read");
  const backwards = filter.after !== undefined;
  const rows = await select(ctx)
    .where(matching(ctx, filter))
    .orderBy(backwards ? asc(usageEvents.id) : desc(usageEvents.id))
    .limit(pageSize + 1);
  const more = rows.length > pageSize;
  const requests = rows.slice(0, pageSize);
  if (backwards) requests.reverse();
  const first = requests[0]?.id ?? null;
  const last = requests.at(-1)?.id ?? null;
  const isNotNewest = backwards ? more : filter.before !== undefined;
  return { requests, newer: isNotNewest ? first : null, older: backwards || more ? last : null };
}

export type RequestDetail = RequestView & {
  ownerName: string | null;
  endUser: string | null;
  inputMicros: number;
  cachedInputMicros: number;
  outputMicros: number;
  address: string;
  agent: string;
  clause: string;
  trainingEligible: boolean;
};

/** One request with its arithmetic. Its content is not part of it. */
export async function request(ctx: Context, id: Id<"request">): Promise<RequestDetail> {
  authorize(ctx.actor, "requests.read");
  const made = timeOf(id);
  const [row] = await ctx.db
    .select({
      ...listed,
      ownerName: users.name,
      endUser: usageEvents.endUser,
      inputMicros: usageEvents.inputMicros,
      cachedInputMicros: usageEvents.cachedInputMicros,
      outputMicros: usageEvents.outputMicros,
      address: usageEvents.address,
      agent: usageEvents.agent,
      clause: usageEvents.clause,
      trainingEligible: usageEvents.trainingEligible,
    })
    .from(usageEvents)
    .leftJoin(keys, keyJoin)
    .leftJoin(users, eq(users.id, usageEvents.userId))
    // The id was made with `at`: naming the day spares every other month's partition.
    .where(
      and(
        mine(ctx),
        eq(usageEvents.id, id),
        gte(usageEvents.at, addDays(made, -1)),
        lte(usageEvents.at, addDays(made, 1)),
      ),
    );
  if (!row) throw new AppError("not_found", "There is no such request in this workspace.");
  return row;
}

/** The requests made with a key since an instant, newest first: what a leak may have been used for. */
export async function requestsOfKeySince(ctx: Context, key: Id<"key">, since: Date): Promise<RequestView[]> {
  authorize(ctx.actor, "requests.read");
  return select(ctx)
    .where(and(mine(ctx), eq(usageEvents.keyId, key), gte(usageEvents.at, since)))
    .orderBy(desc(usageEvents.id))
    .limit(200);
}
