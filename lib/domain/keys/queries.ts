import { and, desc, eq, gte, max, ne, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { spendMonths, usageEvents, usageSums } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type KeyState, stateOf } from "#lib/core/api-keys/lifetime.ts";
import { dayOf, monthOf } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

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

function select(ctx: Context) {
  return ctx.db
    .select(shown)
    .from(keys)
    .innerJoin(users, eq(users.id, keys.ownerId))
    .leftJoin(
      spendMonths,
      and(
        eq(spendMonths.organizationId, keys.organizationId),
        eq(spendMonths.scope, "key"),
        eq(spendMonths.scopeId, keys.id),
        eq(spendMonths.month, monthOf(ctx.now)),
      ),
    )
    .leftJoin(
      usageSums,
      and(
        eq(usageSums.organizationId, keys.organizationId),
        eq(usageSums.dimension, "key"),
        eq(usageSums.grain, "day"),
        eq(usageSums.start, new Date(`${dayOf(ctx.now)}T00:00:00Z`)),
        eq(usageSums.workspaceId, keys.workspaceId),
        eq(usageSums.value, sql`${keys.id}`),
      ),
    )
    .$dynamic();
}

const mine = (ctx: Context) =>
  and(
    eq(keys.organizationId, ctx.organizationId),
    eq(keys.workspaceId, ctx.workspaceId),
    ne(keys.purpose, "playground"),
  );

type Row = Awaited<ReturnType<typeof select>>[number];
export type KeyView = Row & { state: KeyState };

const view = (ctx: Context, row: Row): KeyView => ({ ...row, state: stateOf(row, ctx.now) });

/** The workspace's keys, newest first; revoked and expired ones stay in the list. */
export async function keysOf(ctx: Context): Promise<KeyView[]> {
  authorize(ctx.actor, "keys.read");
  const rows = await select(ctx).where(mine(ctx)).orderBy(desc(keys.id)).limit(500);
  return rows.map((row) => view(ctx, row));
}

export async function key(ctx: Context, id: Id<"key">): Promise<KeyView> {
  authorize(ctx.actor, "keys.read");
  const [row] = await select(ctx).where(and(mine(ctx), eq(keys.id, id)));
  if (!row) throw new AppError("not_found", "There is no such key in this workspace.");
  return view(ctx, row);
}

export type KeyCaller = { address: string; agent: string; requests: number; lastAt: Date };

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
