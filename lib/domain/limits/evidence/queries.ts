import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { divideRounded, picoOfCents } from "#lib/core/money.ts";
import { spendRows } from "./rules.ts";

type Row = {
  plan: string;
  limits: number;
  reached: number;
  limit_pico: string | null;
  spent_pico: string;
  held_pico: string;
  changed_at: string | null;
  percent: number | null;
  alert_at: string | null;
};

const centsOf = (pico: string): bigint => divideRounded(BigInt(pico), picoOfCents(1n));

export async function spendEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"limits">> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const month = monthOf(ctx.now);
  const [row] = await ctx.db.execute<Row>(sql`
    with standing as (select limits.*, coalesce(sum(settled_pico), 0) as spent from spend_limits as limits
      left join spend_months as counter on counter.organization_id = limits.organization_id and counter.scope = limits.scope
        and counter.scope_id = any (counted_scopes(limits.organization_id, limits.scope, limits.scope_id))
        and (limits.period = 'lifetime' or counter.month = ${month})
      where limits.organization_id = ${organizationId} and limit_pico is not null
      group by limits.organization_id, limits.scope, limits.scope_id, limits.period)
    select plan, (select count(*)::int from standing) as limits, (select count(*)::int from standing where spent >= limit_pico) as reached,
      (select limit_pico from standing where scope = 'organization') as limit_pico,
      coalesce(counter.settled_pico, 0) as spent_pico, coalesce(counter.held_pico, 0) as held_pico,
      (select max(updated_at) from spend_limits where organization_id = ${organizationId}) as changed_at, last.percent, last.at as alert_at
    from organizations left join spend_months as counter on counter.organization_id = organizations.id and counter.scope = 'organization'
        and scope_id = organizations.id and counter.month = ${month}
      left join lateral (select percent, at from spend_alerts where organization_id = ${organizationId} and at >= ${month}::timestamptz
        order by at desc, percent desc limit 1) as last on true
    where organizations.id = ${organizationId}`);
  const alertAt = instantOf(row?.alert_at);
  return spendRows({
    isFree: row?.plan === "free",
    limits: row?.limits ?? 0,
    reached: row?.reached ?? 0,
    limitCents: row?.limit_pico ? centsOf(row.limit_pico) : null,
    spentCents: centsOf(row?.spent_pico ?? "0"),
    heldCents: centsOf(row?.held_pico ?? "0"),
    changedAt: instantOf(row?.changed_at),
    alert: row && alertAt ? { percent: row.percent ?? 0, at: alertAt } : null,
    monthEnd: endOfMonth(month),
  });
}
