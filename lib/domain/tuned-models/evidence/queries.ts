import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import { dayOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { tunedRows } from "./rules.ts";

type Row = Record<"active" | "archived" | "unserved" | "open" | "done", number> &
  Record<"ends_at" | "ended_at" | "deleted_at" | "until" | "last_at", string | null>;

export async function tunedEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"tuned-models">> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const today = dayOf(ctx.now);
  const [row] = await ctx.db.execute<Row>(sql`
    select models.*, transfers.*, latest.*,
      (select at from clause_evidence where organization_id = ${organizationId} and clause = 'T-4.2.3-DEL1') as deleted_at
    from (select count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'archived')::int as archived,
        count(*) filter (where state in ('unavailable_base', 'not_served'))::int as unserved
        from tuned_models where organization_id = ${organizationId}) as models,
      (select count(*) filter (where is_open)::int as open, count(executed_at)::int as done,
        (min(until) filter (where is_open) + 1)::timestamp at time zone 'UTC' as until, max(coalesce(executed_at, signed_at)) as last_at
        from (select *, revoked_at is null and executed_at is null and until >= ${today} as is_open from model_transfers
          where organization_id = ${organizationId}) as own) as transfers
      left join lateral (select ends_at, ended_at from agreements where organization_id = ${organizationId}
        order by number desc limit 1) as latest on true`);
  return tunedRows({
    active: row?.active ?? 0,
    archived: row?.archived ?? 0,
    unserved: row?.unserved ?? 0,
    isOver: instantOf(row?.ended_at) !== null,
    endsAt: instantOf(row?.ends_at),
    deletion: instantOf(row?.deleted_at),
    transfers: {
      open: row?.open ?? 0,
      done: row?.done ?? 0,
      until: instantOf(row?.until),
      lastAt: instantOf(row?.last_at),
    },
  });
}
