import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { orderRows } from "./rules.ts";

type Row = Record<"in_force" | "coming" | "drafts" | "over", number> & Record<"signed_at" | "ends_at", string | null>;

export async function orderEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"orders">> {
  authorize(ctx.actor, "contract.read");
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const [row] = await ctx.db.execute<Row>(sql`
    with periods as (select *, starts_at <= ${now} and coalesce(${now} < ends_at, true) as is_now
      from order_periods(${ctx.organizationId}))
    select (select count(*)::int from periods where is_now) as in_force, (select count(*)::int from periods where starts_at > ${now}) as coming,
      (select count(*)::int from purchase_orders where organization_id = ${ctx.organizationId} and state = 'draft') as drafts,
      (select count(*)::int from periods where ends_at <= ${now}) as over,
      (select max(signed_at) from periods) as signed_at, (select min(ends_at) from periods where is_now) as ends_at`);
  return orderRows({
    inForce: row?.in_force ?? 0,
    coming: row?.coming ?? 0,
    drafts: row?.drafts ?? 0,
    over: row?.over ?? 0,
    signedAt: instantOf(row?.signed_at),
    endsAt: instantOf(row?.ends_at),
  });
}
