import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue, planOf } from "#lib/domain/contract/values/rules.ts";
import { contentRows } from "./rules.ts";

type Row = { is_training: boolean; requests: number; oldest: string };

export async function contentEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"retention">> {
  authorize(ctx.actor, "contract.read");
  const [rows, facts] = await Promise.all([
    ctx.db.execute<Row>(sql`
      select training_eligible as is_training, sum(cardinality(request_ids))::int as requests, min(hour) as oldest
      from contents where organization_id = ${ctx.organizationId} group by 1`),
    contractSources(ctx),
  ]);
  const kept = (isTraining: boolean) => {
    const row = rows.find(({ is_training }) => is_training === isTraining);
    return { requests: row?.requests ?? 0, oldest: instantOf(row?.oldest) };
  };
  return contentRows({
    training: kept(true),
    others: kept(false),
    days: plainValue(facts, "days.content", ctx.now),
    isFree: planOf(facts, ctx.now) === "free",
    now: ctx.now,
  });
}
