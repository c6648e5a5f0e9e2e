import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { monitoringRows } from "./rules.ts";

type Row = Record<"flags" | "items" | "opened" | "decided", number> & { is_zero: boolean };

export async function monitoringEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"abuse">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select zero_retention_since is not null as is_zero, coalesce(flags, 0)::int as flags, coalesce(items, 0)::int as items,
      coalesce(opened, 0)::int as opened, coalesce(dismissed + warned + restricted + suspended + legal, 0)::int as decided
    from organizations left join abuse_months on organization_id = organizations.id and month = ${monthOf(ctx.now)}
    where organizations.id = ${ctx.organizationId}`);
  const { is_zero: isZeroRetention = false, flags = 0, items = 0, opened = 0, decided = 0 } = row ?? {};
  return monitoringRows({ isZeroRetention, flags, items, opened, decided });
}
