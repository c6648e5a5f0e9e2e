import { and, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { type Dimension, spendMonths, usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { snapshot, transaction } from "#lib/core/context.ts";
import {
  dimensionOf,
  type Figures,
  type Grouping,
  monthOfRange,
  type Period,
  periodOf,
  previousOf,
  type Question,
} from "#lib/domain/usage/rules.ts";
import { isNothing, minus, none, plus, sumOf } from "./rules.ts";
import type { Explored } from "./view.ts";

/** Rows of the table; the rest is one row more, and all of them are in the file. */
const mostRows = 100;

/** Where sums are looked for: one workspace, or with null all of the organization's. */
export type Place = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> | null };
type Asked = Pick<Question, "by" | "grain" | "only"> & { period: Period };

const placeOf = (ctx: Context, everywhere: boolean): Place => ({
  organizationId: ctx.organizationId,
  workspaceId: everywhere ? null : ctx.workspaceId,
});
const rightFor = ({ everywhere }: Pick<Question, "everywhere">) =>
  everywhere ? "usage.read-organization" : "usage.read";

/** One stretch of the table's primary key, whatever the number of events. */
export function matching({ organizationId, workspaceId }: Place, { by, grain, only, period }: Asked, of?: Dimension) {
  return and(
    eq(usageSums.organizationId, organizationId),
    eq(usageSums.dimension, of ?? dimensionOf(by)),
    eq(usageSums.grain, grain),
    gte(usageSums.start, period.start),
    lt(usageSums.start, period.end),
    workspaceId === null ? undefined : eq(usageSums.workspaceId, workspaceId),
    only === undefined ? undefined : eq(usageSums.value, only),
  );
}

const total = (column: SQL | typeof usageSums.requests): SQL<number> => sql<number>`sum(${column})`.mapWith(Number);
const figures = {
  requests: total(usageSums.requests),
  failed: total(usageSums.failed),
  promptTokens: total(usageSums.promptTokens),
  cachedTokens: total(usageSums.cachedTokens),
  completionTokens: total(usageSums.completionTokens),
  costPico: sql<bigint>`sum(${usageSums.costPico})`.mapWith(BigInt),
};

const amounts: Record<Question["measure"], SQL> = {
  cost: sql`sum(${usageSums.costPico})`,
  tokens: sql`sum(${usageSums.promptTokens} + ${usageSums.completionTokens})`,
  requests: sql`sum(${usageSums.requests})`,
};

const groupOf = (by: Grouping) => (by === "workspace" ? usageSums.workspaceId : usageSums.value);

/** The beginning of the hour or day, as `bucketsOf` writes it. */
const bucket = (grain: Question["grain"]) => {
  const format = sql.raw(grain === "hour" ? `'YYYY-MM-DD"T"HH24'` : `'YYYY-MM-DD'`);
  return sql<string>`to_char(${usageSums.start} at time zone 'UTC', ${format})`;
};

/** One of those named, or null for all others together. */
const oneOf = (by: Grouping, ids: readonly string[]) =>
  ids.length === 0
    ? sql<string | null>`null::text`
    : sql<string | null>`case when ${inArray(groupOf(by), ids as Id<"workspace">[])} then ${groupOf(by)} end`;

/** What a chart draws: for each hour or day a row for each of `ids`, and one for everything else. */
export const seriesQuery = (db: Db, place: Place, asked: Asked, ids: readonly string[]) =>
  db
    .select({ bucket: bucket(asked.grain), id: oneOf(asked.by, ids), ...figures })
    .from(usageSums)
    .where(matching(place, asked))
    .groupBy(usageSums.start, sql`2`);

/** Everything of the period by the biggest, and the rest as one row with how many they are. */
export function totalsQuery(db: Db, place: Place, asked: Asked, measure: Question["measure"]) {
  const ranked = db
    .select({
      id: sql<string>`${groupOf(asked.by)}`.as("id"),
      rank: sql<number>`row_number() over (order by ${amounts[measure]} desc, ${groupOf(asked.by)})`.as("rank"),
      requests: sql`sum(${usageSums.requests})`.as("requests"),
      failed: sql`sum(${usageSums.failed})`.as("failed"),
      promptTokens: sql`sum(${usageSums.promptTokens})`.as("prompt_tokens"),
      cachedTokens: sql`sum(${usageSums.cachedTokens})`.as("cached_tokens"),
      completionTokens: sql`sum(${usageSums.completionTokens})`.as("completion_tokens"),
      costPico: sql`sum(${usageSums.costPico})`.as("cost_pico"),
    })
    .from(usageSums)
    .where(matching(place, asked))
    .groupBy(groupOf(asked.by))
    .as("ranked");
  return db
    .select({
      id: sql<string | null>`case when ${ranked.rank} <= ${sql.raw(String(mostRows))} then ${ranked.id} end`,
      count: sql<number>`count(*)`.mapWith(Number),
      requests: total(sql`${ranked.requests}`),
      failed: total(sql`${ranked.failed}`),
      promptTokens: total(sql`${ranked.promptTokens}`),
      cachedTokens: total(sql`${ranked.cachedTokens}`),
      completionTokens: total(sql`${ranked.completionTokens}`),
      costPico: sql<bigint>`sum(${ranked.costPico})`.mapWith(BigInt),
    })
    .from(ranked)
    .groupBy(sql`1`)
    .orderBy(sql`min(${ranked.rank})`);
}

type Point = Figures & { bucket: string; id: string | null };

/** Ids of rows that are of no one: what is left, and requests that named no end user. */
export const rowIds = { others: "others", unnamed: "unnamed" } as const;

/** Everything the page shows of one question, as of one moment; each part reads one stretch of sums. */
export async function explore(ctx: Context, question: Question, seriesCount: number): Promise<Explored> {
  authorize(ctx.actor, rightFor(question));
  return transaction(ctx, (ctx) => exploreAt(ctx, question, seriesCount), snapshot);
}

async function exploreAt(ctx: Context, question: Question, seriesCount: number): Promise<Explored> {
  const { db } = ctx;
  const place = placeOf(ctx, question.everywhere);
  const now = { ...question, period: periodOf(question.range) };
  const past = { ...question, period: periodOf(previousOf(question.range)) };
  const ranked = await totalsQuery(db, place, now, question.measure);
  const ids = ranked.flatMap(({ id }) => (id === null ? [] : [id]));
  const [points, pastPoints, pastRows, names, unnamed] = await Promise.all([
    seriesQuery(db, place, now, ids.slice(0, seriesCount)),
    seriesQuery(db, place, past, []),
    db
      .select({ id: oneOf(question.by, ids), ...figures })
      .from(usageSums)
      .where(matching(place, past))
      .groupBy(sql`1`),
    namesOf(ctx, question.by, ids),
    unnamedOf(db, place, question, now, past),
  ]);
  const month = question.only === undefined ? monthOfRange(question.range, ctx.now) : undefined;
  const before = new Map(pastRows.map(({ id, ...its }) => [id, its]));
  const rows = ranked.map(({ id, count: _count, ...its }) => ({
    id: id ?? rowIds.others,
    name: id === null ? "Other" : (names.get(id) ?? id),
    now: its,
    before: before.get(id) ?? none,
  }));
  const isPastOnly = !ranked.some(({ id }) => id === null) && before.has(null);
  if (isPastOnly) rows.push({ id: rowIds.others, name: "Only before", now: none, before: before.get(null) ?? none });
  const nameless = { now: sumOf(unnamed.now), before: sumOf(unnamed.past) };
  const isNamed = isNothing(nameless.now) && isNothing(nameless.before);
  const totals = isNamed ? rows : [...rows, { id: rowIds.unnamed, name: "Not named", ...nameless }];
  return {
    totals,
    others: ranked.find(({ id }) => id === null)?.count ?? 0,
    sum: { now: sumOf(totals.map((row) => row.now)), before: sumOf(totals.map((row) => row.before)) },
    points: [...points, ...unnamed.now.map((point) => ({ ...point, id: rowIds.unnamed }))],
    before: byBucket([...pastPoints, ...unnamed.past]),
    month: month === undefined ? month : { month, settledPico: await settledIn(ctx, question.everywhere, month) },
  };
}

function byBucket(points: readonly Point[]): Explored["before"] {
  const found = new Map<string, Figures>();
  for (const point of points) found.set(point.bucket, plus(found.get(point.bucket) ?? none, point));
  return [...found].map(([bucket, figures]) => ({ bucket, figures }));
}

/** Requests without an end user are in no sum by end user: they are what these sums lack of the others. */
async function unnamedOf(db: Db, place: Place, { by, only }: Question, now: Asked, past: Asked) {
  if (by !== "end_user" || only !== undefined) return { now: [], past: [] };
  const of = async (asked: Asked): Promise<Point[]> => {
    const [all, named] = await Promise.all([
      seriesQuery(db, place, { ...asked, by: "model" }, []),
      seriesQuery(db, place, asked, []),
    ]);
    const known = new Map(named.map((point) => [point.bucket, point]));
    return all
      .map((point) => ({ ...minus(point, known.get(point.bucket) ?? none), bucket: point.bucket, id: null }))
      .filter((point) => !isNothing(point));
  };
  const [nowPoints, pastPoints] = await Promise.all([of(now), of(past)]);
  return { now: nowPoints, past: pastPoints };
}

/** What people call them, where they have other names than their ids. */
async function namesOf(ctx: Context, by: Grouping, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0 || (by !== "key" && by !== "workspace")) return new Map();
  const of = { key: keys, workspace: workspaces }[by];
  // Keys that follow each other have one name, and tell themselves apart by their ends.
  const name = by === "key" ? sql<string>`${keys.name} || ' …' || ${keys.last4}` : sql<string>`${workspaces.name}`;
  const rows = await ctx.db
    .select({ id: of.id, name })
    .from(of)
    .where(and(eq(of.organizationId, ctx.organizationId), inArray(of.id, ids as never[])));
  return new Map(ids.map((id) => [id, rows.find((row) => row.id === id)?.name ?? `Deleted ${by}`]));
}

export type Choice = { id: string; name: string };

/** What a question can be filtered to: the biggest of the period. */
export async function choicesOf(ctx: Context, question: Question): Promise<Choice[]> {
  authorize(ctx.actor, rightFor(question));
  const by = dimensionOf(question.by);
  const asked = { ...question, by, only: undefined, period: periodOf(question.range) };
  const rows = await totalsQuery(ctx.db, placeOf(ctx, question.everywhere), asked, question.measure);
  const ids = rows.flatMap(({ id }) => (id === null ? [] : [id]));
  const names = await namesOf(ctx, by, ids);
  return ids.map((id) => ({ id, name: names.get(id) ?? id }));
}

/** The counter that the invoice of a month is made from. */
async function settledIn({ db, organizationId, workspaceId }: Context, everywhere: boolean, month: string) {
  const [row] = await db
    .select({ pico: spendMonths.settledPico })
    .from(spendMonths)
    .where(
      and(
        eq(spendMonths.organizationId, organizationId),
        eq(spendMonths.scope, everywhere ? "organization" : "workspace"),
        eq(spendMonths.scopeId, everywhere ? organizationId : workspaceId),
        eq(spendMonths.month, month),
      ),
    );
  return row?.pico ?? 0n;
}
