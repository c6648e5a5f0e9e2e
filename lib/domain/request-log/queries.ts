import { and, asc, desc, eq, gt, gte, ilike, inArray, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { type Id, isId, timeOf } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { spendMonths, usageEvents, usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import { pageSize } from "#lib/core/list/rules.ts";
import { endUserCode, spellingsOf } from "#lib/domain/end-users/rules.ts";
import type { RequestFilter } from "./input.ts";
import { boundsOf, type Counted, countedBy, type Stretch, stretchOf, wholeDays } from "./rules.ts";
import type { RequestDetail, RequestView } from "./view.ts";

const batchSize = 1000;

const listed = {
  id: usageEvents.id,
  at: usageEvents.at,
  // Every request was made with a key; what has none is no request.
  keyId: sql<Id<"key">>`${usageEvents.keyId}`,
  keyName: keys.name,
  endUser: usageEvents.endUser,
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
  and(
    eq(usageEvents.organizationId, ctx.organizationId),
    eq(usageEvents.workspaceId, ctx.workspaceId),
    eq(usageEvents.kind, "request"),
  );

function select(ctx: Context) {
  return ctx.db.select(listed).from(usageEvents).leftJoin(keys, keyJoin).$dynamic();
}
const within = ({ start, end }: Stretch): SQL | undefined => and(gte(usageEvents.at, start), lt(usageEvents.at, end));

/** A filter whose words are looked up: the one request they name, or the end users they are a part of. */
type Sought = RequestFilter & { only?: Id<"request">; users?: string[] };

const mostUsers = 200;

/** End users are looked up in the sums, so that words that no one has cost no scan of the log. */
async function soughtBy(ctx: Context, filter: RequestFilter): Promise<Sought> {
  const { q } = filter;
  if (q === undefined) return filter;
  if (isId("request", q)) return { ...filter, only: q };
  const bounds = boundsOf(filter, ctx.now);
  const rows = await ctx.db
    .selectDistinct({ name: usageSums.value })
    .from(usageSums)
    .where(
      and(
        summed(ctx, "end_user", bounds),
        or(ilike(usageSums.value, containing(q)), eq(usageSums.value, endUserCode(ctx.organizationId, q))),
      ),
    )
    .limit(mostUsers);
  return { ...filter, users: rows.map(({ name }) => name) };
}

/** The workspace's sums of days that touch a stretch. */
const summed = (ctx: Context, dimension: "model" | "key" | "end_user", { start, end }: Stretch) =>
  and(
    eq(usageSums.organizationId, ctx.organizationId),
    eq(usageSums.dimension, dimension),
    eq(usageSums.grain, "day"),
    gte(usageSums.start, addDays(start, -1)),
    lt(usageSums.start, end),
    eq(usageSums.workspaceId, ctx.workspaceId),
  );

const matching = (ctx: Context, { model, key, end_user: endUser, endpoint, outcome, only, users }: Sought) =>
  and(
    mine(ctx),
    only ? eq(usageEvents.id, only) : undefined,
    users ? inArray(usageEvents.endUser, users) : undefined,
    model ? eq(usageEvents.model, model) : undefined,
    key ? eq(usageEvents.keyId, key) : undefined,
    endUser ? inArray(usageEvents.endUser, spellingsOf(ctx.organizationId, endUser)) : undefined,
    endpoint ? eq(usageEvents.endpoint, endpoint) : undefined,
    outcome ? eq(usageEvents.outcome, outcome) : undefined,
  );

type Direction = "newest" | "oldest";

/**
 * Where requests that match can be, month by month: the counters know in which months there were any, and the sums on
 * which days those of a model or an end user, so that a partition without one is not touched.
 */
async function* stretches(ctx: Context, filter: Sought, first: Direction): AsyncGenerator<Stretch> {
  if (filter.users?.length === 0) return;
  const bounds = boundsOf(filter, ctx.now);
  const months = await ctx.db
    .select({ month: spendMonths.month })
    .from(spendMonths)
    .where(
      and(
        eq(spendMonths.organizationId, ctx.organizationId),
        eq(spendMonths.scope, filter.key ? "key" : "workspace"),
        eq(spendMonths.scopeId, filter.key ?? ctx.workspaceId),
      ),
    )
    .orderBy(first === "newest" ? desc(spendMonths.month) : asc(spendMonths.month));
  for (const { month } of months) {
    const stretch = stretchOf(month, bounds);
    const narrowed = stretch && (await narrow(ctx, filter, stretch));
    if (narrowed) yield narrowed;
  }
}

async function narrow(ctx: Context, filter: Sought, stretch: Stretch): Promise<Stretch | undefined> {
  const { model, end_user: endUser, users } = filter;
  const values =
    endUser === undefined
      ? (users ?? (model === undefined ? undefined : [model]))
      : spellingsOf(ctx.organizationId, endUser);
  if (values === undefined) return stretch;
  const dimension = endUser === undefined && users === undefined ? "model" : "end_user";
  const [row] = await ctx.db
    .select({
      first: sql`min(${usageSums.start})`.mapWith(usageSums.start),
      last: sql`max(${usageSums.start})`.mapWith(usageSums.start),
    })
    .from(usageSums)
    .where(and(summed(ctx, dimension, stretch), inArray(usageSums.value, values)));
  if (!row?.first || !row.last) return undefined;
  const end = addDays(row.last, 1);
  return {
    start: row.first > stretch.start ? row.first : stretch.start,
    end: end < stretch.end ? end : stretch.end,
  };
}

/** A page of the request log, newest first, with the ids that lead to its neighbours, and where it is in the log. */
export type RequestPage = {
  requests: RequestView[];
  newer: Id<"request"> | null;
  older: Id<"request"> | null;
  first: number;
  /** Undefined where only a scan of the log could tell. */
  total: number | undefined;
};

export async function requestsOf(ctx: Context, filter: RequestFilter): Promise<RequestPage> {
  authorize(ctx.actor, "requests.read");
  const backwards = filter.after !== undefined;
  const sought = await soughtBy(ctx, filter);
  const rows = await firstOf(ctx, sought, pageSize + 1);
  const more = rows.length > pageSize;
  const requests = rows.slice(0, pageSize);
  if (backwards) requests.reverse();
  const first = requests[0]?.id ?? null;
  const last = requests.at(-1)?.id ?? null;
  const isNotNewest = backwards ? more : filter.before !== undefined;
  const isAll = !isNotNewest && !backwards && !more;
  const counts = isAll ? { first: 1, total: requests.length } : await countsOf(ctx, sought, requests[0]);
  return { requests, newer: isNotNewest ? first : null, older: backwards || more ? last : null, ...counts };
}

/** What is asked for by the name of an end user may be kept under the code that stands for it. */
const spelled = ({ organizationId }: Context, { by, values = [] }: Counted): string[] =>
  by === "end_user" ? values.flatMap((name) => spellingsOf(organizationId, name)) : values;

/** How many requests match and where a page begins, from the sums: exact, and as cheap in a year as in a day. */
async function countsOf(ctx: Context, filter: Sought, top: RequestView | undefined) {
  const counted = countedBy(filter);
  const days = wholeDays(filter);
  if (!top || !counted || !days) return { first: 1, total: undefined };
  const day = dayOf(top.at);
  const today = new Date(`${day}T00:00:00.000Z`);
  const { start } = usageSums;
  const requests = (where: SQL) =>
    sql<number>`coalesce(sum(${usageSums.requests}) filter (where ${where}), 0)`.mapWith(Number);
  const inRange = and(days.from ? gte(start, days.from) : sql`true`, days.to ? lte(start, days.to) : sql`true`);
  const [sums, sameDay] = await Promise.all([
    ctx.db
      .select({ total: requests(sql`true`), later: requests(gt(start, today)) })
      .from(usageSums)
      .where(
        and(
          summed(ctx, counted.by, boundsOf({ ...filter, before: undefined, after: undefined }, ctx.now)),
          inRange,
          counted.values && inArray(usageSums.value, spelled(ctx, counted)),
        ),
      ),
    ctx.db
      .select({ later: sql<number>`count(*)`.mapWith(Number) })
      .from(usageEvents)
      .where(and(matching(ctx, filter), within({ start: today, end: addDays(today, 1) }), gt(usageEvents.id, top.id))),
  ]);
  return { first: (sums[0]?.later ?? 0) + (sameDay[0]?.later ?? 0) + 1, total: sums[0]?.total };
}

/** The first so many after or before the page the reader comes from. */
async function firstOf(ctx: Context, filter: Sought, count: number): Promise<RequestView[]> {
  const { before, after } = filter;
  const place = after ? gt(usageEvents.id, after) : before && lt(usageEvents.id, before);
  const rows: RequestView[] = [];
  for await (const stretch of stretches(ctx, filter, after ? "oldest" : "newest")) {
    const found = await select(ctx)
      .where(and(matching(ctx, filter), within(stretch), place))
      .orderBy(after ? asc(usageEvents.id) : desc(usageEvents.id))
      .limit(count - rows.length);
    rows.push(...found);
    if (rows.length >= count) break;
  }
  return rows;
}

/**
 * Every request a filter matches, newest first, in batches. Each batch is a question of its own, so a reader who is slow
 * or leaves keeps neither a connection nor a snapshot; what is made meanwhile is newer than all of it.
 */
export function requestLines(ctx: Context, filter: RequestFilter): AsyncGenerator<RequestDetail[]> {
  authorize(ctx.actor, "requests.read");
  return batches(ctx, { ...filter, before: undefined, after: undefined });
}

async function* batches(ctx: Context, asked: RequestFilter): AsyncGenerator<RequestDetail[]> {
  const filter = await soughtBy(ctx, asked);
  for await (const stretch of stretches(ctx, filter, "newest")) {
    for (let last: RequestDetail | undefined; ; ) {
      const rows: RequestDetail[] = await detailed(ctx)
        .where(and(matching(ctx, filter), within(stretch), last && lt(usageEvents.id, last.id)))
        .orderBy(desc(usageEvents.id))
        .limit(batchSize);
      if (rows.length > 0) yield rows;
      if (rows.length < batchSize) break;
      last = rows.at(-1);
    }
  }
}

function detailed(ctx: Context) {
  return ctx.db
    .select({
      ...listed,
      ownerName: users.name,
      inputMicros: usageEvents.inputMicros,
      cachedInputMicros: usageEvents.cachedInputMicros,
      outputMicros: usageEvents.outputMicros,
      waivedPico: usageEvents.waivedPico,
      heldPico: usageEvents.heldPico,
      clampedTokens: usageEvents.clampedTokens,
      limitScope: usageEvents.limitScope,
      limitLeftPico: usageEvents.limitLeftPico,
      requestsLeft: usageEvents.requestsLeft,
      tokensLeft: usageEvents.tokensLeft,
      address: usageEvents.address,
      agent: usageEvents.agent,
      clause: usageEvents.clause,
      trainingEligible: usageEvents.trainingEligible,
      agentId: usageEvents.agentId,
      agentVersion: usageEvents.agentVersion,
      estimated: usageEvents.estimated,
    })
    .from(usageEvents)
    .leftJoin(keys, keyJoin)
    .leftJoin(users, eq(users.id, usageEvents.userId))
    .$dynamic();
}
/** One request with its arithmetic. Its content is not part of it. */
export async function request(ctx: Context, id: Id<"request">): Promise<RequestDetail> {
  authorize(ctx.actor, "requests.read");
  const made = timeOf(id);
  // The id was made with `at`: naming the day spares every other month's partition.
  const around = and(gte(usageEvents.at, addDays(made, -1)), lte(usageEvents.at, addDays(made, 1)));
  const [row] = await detailed(ctx).where(and(mine(ctx), eq(usageEvents.id, id), around));
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
