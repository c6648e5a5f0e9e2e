import { and, eq, gt, ilike, isNull, or, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { keys } from "#db/schema/keys.ts";
import { spendMonths } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { KeyLimitFilter } from "#lib/domain/limits/input.ts";
import { keyStandings, limitedKeys } from "#lib/domain/limits/queries.ts";
import { keyLimitOrder } from "#lib/domain/limits/rules.ts";
import type { KeyStanding } from "#lib/domain/limits/view.ts";

const byColumn = {
  name: nameKey(keys.name),
  owner: nameKey(users.name),
  spent: { by: sql`coalesce(${spendMonths.settledPico}, 0)`, isNumber: true },
};

/** A page of the workspace's keys that can still spend, and how each stands. */
export async function keyStandingPage(ctx: Context, asked: KeyLimitFilter): Promise<ListPage<KeyStanding>> {
  authorize(ctx.actor, "limits.read");
  const { q } = asked;
  const canSpend = and(
    limitedKeys(ctx),
    or(isNull(keys.revokedAt), gt(keys.revokedAt, ctx.now)),
    or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now)),
  );
  const matches = and(canSpend, q ? or(ilike(keys.name, containing(q)), ilike(users.name, containing(q))) : undefined);
  const spent = and(
    eq(spendMonths.organizationId, keys.organizationId),
    eq(spendMonths.scope, "key"),
    eq(spendMonths.scopeId, keys.id),
    eq(spendMonths.month, monthOf(ctx.now)),
  );
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: keyLimitOrder, id: keys.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ id: keys.id, place })
          .from(keys)
          .innerJoin(users, eq(users.id, keys.ownerId))
          .leftJoin(spendMonths, spent)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(keys)
          .innerJoin(users, eq(users.id, keys.ownerId))
          .leftJoin(spendMonths, spent)
          .where(matches),
    },
  );
  const ids = page.rows.map(({ id }) => id);
  const standings = new Map((await keyStandings(ctx, ids)).map((standing) => [standing.id, standing]));
  return { ...page, rows: ids.flatMap((id) => standings.get(id) ?? []) };
}
