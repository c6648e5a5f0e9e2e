import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { latestAgreement, terminationOf } from "#lib/domain/agreements/queries.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { planOf } from "#lib/domain/contract/values/rules.ts";
import { endFacts } from "#lib/domain/ending/queries.ts";
import { timeline } from "#lib/domain/ending/rules.ts";
import { openDeadlines } from "#lib/domain/register/queries.ts";
import { timelineOf } from "./rules.ts";
import type { ContractHead, DocumentRow, TimelineRow } from "./view.ts";

/** What an agreement is in a line: its number, its time, the plan, and who the customer is to the law. */
export async function contractHead(ctx: OrganizationContext): Promise<ContractHead> {
  authorize(ctx.actor, "contract.read");
  const [agreement, facts] = await Promise.all([latestAgreement(ctx), contractSources(ctx)]);
  const { number = null, startsAt = null, endsAt = null, endedAt = null } = agreement ?? {};
  return { number, startsAt, endsAt, endedAt, plan: planOf(facts, ctx.now), customerType: facts.customerType };
}

const mostPast = 200;
type Past = { at: string; what: string; clause: string };

/** What happened to the agreement, what is due, and what its end brings, the latest first. */
export async function contractTimeline(ctx: OrganizationContext): Promise<TimelineRow[]> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const [rows, deadlines, termination] = await Promise.all([
    ctx.db.execute<Past>(sql`
      select * from (
        select starts_at as at, 'Agreement no. ' || number || ' began' as what, 'T-1-EFF' as clause from agreements where organization_id = ${organizationId}
        union all select ended_at, 'Agreement no. ' || number || ' ended', 'T-6-EFF' from agreements where organization_id = ${organizationId} and ended_at is not null
        union all select accepted_at, title || ', version ' || acceptances.version || ': agreed' || case method when 'click' then ' by a click'
          when 'purchase_order' then ' by a purchase order' else ' by use' end, case method when 'purchase_order' then 'T-3-PO' when 'implied_by_use' then 'T-7-EXIT' else 'T-3-CLICK' end
          from acceptances join documents on documents.id = document_id where organization_id = ${organizationId} and binds
        union all select noticed_at, 'A legal notice reached you (' || about || ')', clause from legal_notices where organization_id = ${organizationId} and noticed_at is not null
        union all select noticed_at, 'Notice to end the agreement', clause from terminations where organization_id = ${organizationId}
        union all select withdrawn_at, 'That notice was withdrawn', clause from terminations where organization_id = ${organizationId} and withdrawn_at is not null
        union all select starts_at, 'Purchase order ' || number || ' holds', 'T-3-PO' from order_periods(${organizationId})
        union all select ends_at, 'Purchase order ' || number || ' ends', 'T-2-PREC' from order_periods(${organizationId}) where ends_at is not null
      ) as events order by at desc limit ${mostPast}`),
    openDeadlines(ctx),
    terminationOf(ctx),
  ]);
  const past = Array.from(rows, ({ at, what, clause }) => ({ at: new Date(at), what, clause }));
  const steps = termination && !termination.appliedAt ? timeline(await endFacts(ctx), termination) : [];
  return timelineOf({ past, deadlines, steps, now: ctx.now });
}

type Document = Pick<DocumentRow, "rank" | "kind" | "title" | "href" | "sha256"> &
  Record<"since" | "until", string | null>;

/** The documents in force for this customer in the order in which they hold (T-2-PREC). */
export async function documentsInForce(ctx: OrganizationContext): Promise<DocumentRow[]> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const rows = await ctx.db.execute<Document>(sql`
    select * from (
      select 1 as rank, 'purchase_order' as kind, 'Purchase order ' || periods.number as title, null as href, file_sha256 as sha256, periods.starts_at as since, periods.ends_at as until
        from order_periods(${organizationId}) as periods join purchase_orders on organization_id = ${organizationId} and purchase_orders.id = periods.id
        where periods.starts_at <= ${now} and coalesce(${now} < periods.ends_at, true)
      union all select case kind when 'terms' then 2 when 'data-processing' then 3 else 5 end,
        case when kind in ('terms', 'data-processing') then kind else 'linked' end, title || ', version ' || version,
        '/legal/' || kind || '/' || version, sha256, starts_at, ends_at
        from document_versions(${organizationId}) where starts_at <= ${now} and coalesce(${now} < ends_at, true)
          and (kind <> 'data-processing' or (select customer_type from organizations where id = ${organizationId}) = 'business')
      union all select 4, 'master_agreement', 'Master agreement ' || number, null, file_sha256, signed_at, null from master_agreements
        where organization_id = ${organizationId}
      union all select 5, 'linked', 'Consumption thresholds, version ' || version, null, null, effective_from, null from threshold_versions
        where version = (select max(version) from threshold_versions where effective_from <= ${now})
    ) as found order by rank, since desc nulls last, title`);
  return Array.from(rows, ({ since, until, ...row }) => ({ ...row, since: instantOf(since), until: instantOf(until) }));
}
