import type { KeyLimit } from "#components/keys/key-list.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { keyStandings } from "#lib/domain/limits/queries.ts";
import { isReached } from "#lib/domain/limits/rules.ts";

/** What the list says about each key's limits; nothing to those who may not see them. */
export async function limitsByKey(ctx: Context): Promise<Map<string, KeyLimit>> {
  if (!can(ctx.actor, "limits.read")) return new Map();
  return new Map(
    (await keyStandings(ctx)).map(({ id, month, lifetime }) => [
      id,
      { monthPico: month.limitPico, isReached: isReached(month) || isReached(lifetime) },
    ]),
  );
}
