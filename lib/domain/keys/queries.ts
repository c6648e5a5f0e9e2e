import { and, desc, eq, gte, ilike, max, ne, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { spendMonths, usageEvents, usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type KeyState, stateOf, warnedUntil } from "#lib/core/api-keys/lifetime.ts";
import { dayOf, monthOf, startOfDay } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { pageSize } from "#lib/core/list/rules.ts";
import type { KeyFilter } from "./input.ts";
import { keyOrder } from "./rules.ts";
import type { KeyCaller, KeyChoice, KeyView } from "./view.ts";

// Never the hash: what is not selected cannot leak.
const shown = {
  id: keys.id,
  name: keys.name,
  isService: sql<boolean>`${keys.purpose} = 'service'`,
  first4: keys.first4,
  last4: keys.last4,
  ownerId: keys.ownerId,
  ownerName: users.name,
  scopes: keys.scopes,
  models: keys.models,
  addresses: keys.addresses,
  browser: keys.browser,
  createdAt: keys.createdAt,
  expiresAt: keys.expiresAt,
  revokedAt: keys.revokedAt,
  revokedReason: keys.revokedReason,
  successorId: keys.successorId,
  lastUsedAt: keys.lastUsedAt,
  lastUsedAddress: keys.lastUsedAddress,
  lastUsedAgent: keys.lastUsedAgent,
  monthPico: sql<string>`coalesce(${spendMonths.settledPico}, 0)`.mapWith(BigInt),
  callsToday: sql<number>`coalesce(${usageSums.requests}, 0)`.mapWith(Number),
};

const spentThisMonth = (ctx: Context) =>
  and(
    eq(spendMonths.organizationId, keys.organizationId),
    eq(spendMonths.scope, "key"),
    eq(spendMonths.scopeId, keys.id),
    eq(spendMonths.month, monthOf(ctx.now)),
  );

const askedToday = (ctx: Context) =>
  and(
    eq(usageSums.organizationId, keys.organizationId),
    eq(usageSums.dimension, "key"),
    eq(usageSums.grain, "day"),
    eq(usageSums.start, startOfDay(dayOf(ctx.now))),
    eq(usageSums.workspaceId, keys.workspaceId),
    eq(usageSums.value, sql`${keys.id}`),
  );

const select = (ctx: Context, place: SQL<string> = sql<string>`''`) =>
  ctx.db
    .select({ ...shown, place })
    .from(keys)
    .innerJoin(users, eq(users.id, keys.ownerId))
    .leftJoin(spendMonths, spentThisMonth(ctx))
    .leftJoin(usageSums, askedToday(ctx))
    .$dynamic();

const mine = (ctx: Context) =>
  and(
    eq(keys.organizationId, ctx.organizationId),
    eq(keys.workspaceId, ctx.workspaceId),
    ne(keys.purpose, "playground"),
  );

type Row = Awaited<ReturnType<typeof select>>[number];
const view = (ctx: Context, { place: _place, ...row }: Row): KeyView => ({ ...row, state: stateOf(row, ctx.now) });

const byColumn = {
  name: nameKey(keys.name),
  owner: nameKey(users.name),
  created: instantKey(keys.createdAt),
  used: instantKey(keys.lastUsedAt),
  spent: { by: sql`coalesce(${spendMonths.settledPico}, 0)`, isNumber: true },
};

/** What `stateOf` says of a key, as a condition; a test holds the two together. */
function inState(ctx: Context, state: KeyState): SQL {
  const at = (column: typeof keys.revokedAt | typeof keys.expiresAt, when: Date) =>
    sql`coalesce(${column} <= ${when.toISOString()}::timestamptz, false)`;
  const isRevoked = at(keys.revokedAt, ctx.now);
  const isExpired = at(keys.expiresAt, ctx.now);
  const isExpiring = at(keys.expiresAt, warnedUntil(ctx.now));
  return {
    revoked: isRevoked,
    expired: sql`not ${isRevoked} and ${isExpired}`,
    expiring: sql`not ${isRevoked} and not ${isExpired} and ${isExpiring}`,
    active: sql`not ${isRevoked} and not ${isExpiring}`,
  }[state];
}

/** A part of the key's or its owner's name, or what a key shows of itself: "cpt_aB3d…9xYz". */
function found(q: string): SQL | undefined {
  const [start = "", end = ""] = q.replace(/^cpt_/, "").split("…");
  return or(
    ilike(keys.name, containing(q)),
    ilike(users.name, containing(q)),
    and(eq(keys.first4, start), end ? eq(keys.last4, end) : undefined),
    eq(keys.last4, end || start),
  );
}

const matching = (ctx: Context, { q, state }: KeyFilter): SQL | undefined =>
  and(mine(ctx), q ? found(q) : undefined, state ? inState(ctx, state) : undefined);

/** A page of the workspace's keys; revoked and expired ones stay in the list. */
export async function keyPage(ctx: Context, asked: KeyFilter): Promise<ListPage<KeyView>> {
  authorize(ctx.actor, "keys.read");
  const matches = matching(ctx, asked);
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: keyOrder, id: keys.id },
    {
      find: ({ place, where, order, limit }) =>
        select(ctx, place)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(keys)
          .innerJoin(users, eq(users.id, keys.ownerId))
          .leftJoin(spendMonths, spentThisMonth(ctx))
          .where(matches),
    },
  );
  return { ...page, rows: page.rows.map((row) => view(ctx, row)) };
}

/** Keys to choose from, the latest first: those a search finds, or the one asked for. */
export async function keyChoices(ctx: Context, { q, id }: { q?: string | undefined; id?: Id<"key"> | undefined }) {
  authorize(ctx.actor, "keys.read");
  const rows: KeyChoice[] = await ctx.db
    .select({ id: keys.id, name: keys.name, last4: keys.last4 })
    .from(keys)
    .innerJoin(users, eq(users.id, keys.ownerId))
    .where(and(mine(ctx), id ? eq(keys.id, id) : undefined, q ? found(q) : undefined))
    .orderBy(desc(keys.id))
    .limit(pageSize);
  return rows;
}

export async function key(ctx: Context, id: Id<"key">): Promise<KeyView> {
  authorize(ctx.actor, "keys.read");
  const [row] = await select(ctx).where(and(mine(ctx), eq(keys.id, id)));
  if (!row) throw new AppError("not_found", "There is no such key in this workspace.");
  return view(ctx, row);
}

/** Who used a key since an instant, latest first: for telling who still uses the old one. */
export async function callersOf(ctx: Context, id: Id<"key">, since: Date): Promise<KeyCaller[]> {
  authorize(ctx.actor, "keys.read");
  const lastAt = max(usageEvents.at);
  const rows = await ctx.db
    .select({
      address: usageEvents.address,
      agent: usageEvents.agent,
      requests: sql<number>`count(*)`.mapWith(Number),
      lastAt,
    })
    .from(usageEvents)
    .where(
      and(eq(usageEvents.organizationId, ctx.organizationId), eq(usageEvents.keyId, id), gte(usageEvents.at, since)),
    )
    .groupBy(usageEvents.address, usageEvents.agent)
    .orderBy(desc(lastAt))
    .limit(50);
  return rows.flatMap((row) => (row.lastAt ? [{ ...row, lastAt: row.lastAt }] : []));
}

/** Where a key belongs, for the operator who only has its id. */
export async function keyPlace(
  ctx: AccountContext,
  id: Id<"key">,
): Promise<{ organizationId: Id<"organization">; workspaceId: Id<"workspace"> }> {
  authorize(ctx.actor, "system.operate");
  const [row] = await ctx.db
    .select({ organizationId: keys.organizationId, workspaceId: keys.workspaceId })
    .from(keys)
    .where(eq(keys.id, id));
  if (!row) throw new AppError("not_found", `There is no key ${id}.`);
  return row;
}
