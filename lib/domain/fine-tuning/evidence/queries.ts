import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { type TuningFacts, tuningRows } from "./rules.ts";

type Row = {
  id: string | null;
  status: NonNullable<TuningFacts["job"]>["status"] | null;
  trained_steps: number;
  waits_for: string | null;
  at: string | null;
  files: number;
  eligible: number;
};

export async function tuningEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"fine-tuning">> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const [row] = await ctx.db.execute<Row>(sql`
    select last.*, (select count(*)::int from files where organization_id = ${organizationId} and purpose = 'fine-tune') as files,
      (select count(*)::int from usage_events where organization_id = ${organizationId} and job_id is not null and training_eligible) as eligible
    from (select 1) as one left join lateral (select id, status, trained_steps, waits_for, coalesce(ended_at, modified_at) as at
      from tuning_jobs where organization_id = ${organizationId} order by created_at desc, id desc limit 1) as last on true`);
  const { id = null, status = null, at = null, trained_steps: steps = 0, waits_for: waitsFor = null } = row ?? {};
  return tuningRows({
    job: id !== null && status !== null && at !== null ? { id, status, steps, waitsFor, at: new Date(at) } : null,
    files: row?.files ?? 0,
    eligible: row?.eligible ?? 0,
  });
}
