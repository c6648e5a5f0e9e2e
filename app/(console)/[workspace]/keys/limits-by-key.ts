import type { KeyLimit } from "#components/keys/key-list.tsx";
import type { Id } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { keyStandings } from "#lib/domain/limits/queries.ts";
import { isReached } from "#lib/domain/limits/rules.ts";

/** What a list says about the limits of its keys; nothing to those who cannot see them. */
export async function limitsByKey(ctx: Context, ids: readonly Id<"key">[]): Promise<Map<string, KeyLimit>> {
  if (!can(ctx.actor, "limits.read")) return new Map();
  return new Map(
    (await keyStandings(ctx, ids)).map(({ id, month, lifetime }) => [
      id,
      { monthPico: month.limitPico, isReached: isReached(month) || isReached(lifetime) },
    ]),
  );
}
