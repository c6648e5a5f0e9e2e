import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import { addDays } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { EndUserMode } from "#lib/domain/end-users/rules.ts";
import { usageRows } from "./rules.ts";

const shownDays = 30;

export async function usageEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"usage">> {
  authorize(ctx.actor, "contract.read");
  const since = addDays(ctx.now, -shownDays).toISOString();
  const [row] = await ctx.db.execute<{ end_users: number; mode: EndUserMode; is_zero: boolean }>(sql`
    select (select count(distinct value)::int from usage_sums where organization_id = organizations.id and dimension = 'end_user'
      and grain = 'day' and start >= ${since}::timestamptz) as end_users, organizations.end_users as mode, zero_retention_since is not null as is_zero
    from organizations where id = ${ctx.organizationId}`);
  return usageRows({
    endUsers: row?.end_users ?? 0,
    mode: row?.mode ?? "keep",
    isZeroRetention: row?.is_zero ?? false,
  });
}
