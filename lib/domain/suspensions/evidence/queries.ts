import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { rightRows, type UseFacts } from "./rules.ts";

type Row = { status: UseFacts["status"] } & Record<
  "started_at" | "appealed_at" | "appeal_due_at" | "appeal_decided_at",
  string | null
>;

export async function suspensionEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"suspensions">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select status, started_at, appealed_at, appeal_due_at, appeal_decided_at from organizations
      left join suspensions on organization_id = organizations.id and state = 'active'
    where organizations.id = ${ctx.organizationId} order by started_at limit 1`);
  return rightRows({
    status: row?.status ?? "active",
    startedAt: instantOf(row?.started_at),
    appealedAt: instantOf(row?.appealed_at),
    appealDueAt: instantOf(row?.appeal_due_at),
    decidedAt: instantOf(row?.appeal_decided_at),
    now: ctx.now,
  });
}
