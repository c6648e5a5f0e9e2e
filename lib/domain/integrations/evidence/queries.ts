import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { serviceFacts } from "#lib/domain/connections/evidence/queries.ts";
import { connectionRows } from "./rules.ts";

type Row = Record<"live" | "failing" | "off" | "reporting", number> & { failing_since: string | null };

export async function connectionEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"integrations">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select count(*) filter (where enabled)::int as live, count(*) filter (where not enabled)::int as off,
      count(*) filter (where enabled and failing_since is not null)::int as failing, min(failing_since) as failing_since,
      (select count(distinct job_id)::int from tuning_integrations where organization_id = ${ctx.organizationId}) as reporting
    from webhook_endpoints where organization_id = ${ctx.organizationId} and deleted_at is null`);
  return connectionRows({
    live: row?.live ?? 0,
    failing: row?.failing ?? 0,
    off: row?.off ?? 0,
    failingSince: instantOf(row?.failing_since),
    reporting: row?.reporting ?? 0,
    services: await serviceFacts(ctx),
  });
}
