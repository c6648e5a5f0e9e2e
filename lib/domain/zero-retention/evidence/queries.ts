import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import { type ZeroFacts, zeroRows } from "./rules.ts";

type State = NonNullable<ZeroFacts["request"]>["state"];
type Row = {
  plan: Plan;
  state: State | null;
  reason: string;
  scope: string;
  stuck_on: string | null;
  kept: number;
} & Record<
  "created_at" | "decided_at" | "active_at" | "ended_at" | "broken_at" | "verified_at" | "since" | "downgraded_at",
  string | null
>;

export async function zeroEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"zero-retention">> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const [row] = await ctx.db.execute<Row>(sql`
    select plan, zero_retention_since as since, last.*,
      (select coalesce(sum(requests), 0)::int from content_sums where organization_id = ${organizationId}) as kept,
      (select at from clause_evidence where organization_id = ${organizationId} and clause = 'T-4.2.2.2-ZDR5') as downgraded_at
    from organizations left join lateral (select state, reason, scope, created_at, decided_at, active_at, ended_at, stuck_on, broken_at, verified_at
      from zero_retention_requests where organization_id = organizations.id order by created_at desc, zero_retention_requests.id desc limit 1) as last on true
    where organizations.id = ${organizationId}`);
  const createdAt = instantOf(row?.created_at);
  return zeroRows({
    plan: row?.plan ?? "free",
    since: instantOf(row?.since),
    kept: row?.kept ?? 0,
    downgradedAt: instantOf(row?.downgraded_at),
    request:
      row?.state && createdAt
        ? {
            state: row.state,
            reason: row.reason,
            scope: row.scope,
            createdAt,
            decidedAt: instantOf(row.decided_at),
            activeAt: instantOf(row.active_at),
            endedAt: instantOf(row.ended_at),
            stuckOn: row.stuck_on,
            brokenAt: instantOf(row.broken_at),
            verifiedAt: instantOf(row.verified_at),
          }
        : null,
  });
}
