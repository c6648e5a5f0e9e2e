import { LRUCache } from "lru-cache";
import type { Id } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import { measure } from "#lib/domain/retention/stores/commands.ts";
import { ledgerClasses, nextPurge } from "./rules.ts";
import type { LedgerRow } from "./view.ts";

/** A count that takes longer than this is not made again for a while. */
const longMs = 50;
const slow = new LRUCache<string, LedgerRow>({ max: 5000, ttl: 3_600_000 });

/** Everything that is kept of an organization, by class: how much, from when, and until when. */
export async function dataLedger(ctx: OrganizationContext): Promise<LedgerRow[]> {
  authorize(ctx.actor, "privacy.read");
  const rows: LedgerRow[] = [];
  for (const name of ledgerClasses) rows.push(await rowOf(ctx, name, ctx.organizationId));
  return rows;
}

async function rowOf(
  ctx: OrganizationContext,
  name: RetentionClassName,
  organizationId: Id<"organization">,
): Promise<LedgerRow> {
  const key = `${organizationId} ${name}`;
  const known = slow.get(key);
  if (known) return known;
  const begun = stopwatch();
  const found = await measure(ctx, name, { organizationId, workspaceId: null });
  const row = { class: name, ...found, nextPurge: nextPurge(name, found.oldest), countedAt: ctx.now };
  if (stopwatch() - begun > longMs) slow.set(key, row);
  return row;
}
