import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { lifecycleRows } from "./rules.ts";

type Row = { model: string; announced_at: string; retires_at: string; is_before: boolean; uses: number };

export async function lifecycleEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"models">> {
  authorize(ctx.actor, "contract.read");
  const { organizationId } = ctx;
  const rows = await ctx.db.execute<Row>(sql`
    select model_id as model, announced_at, retires_at,
      announced_at < (select starts_at from agreements where organization_id = ${organizationId} order by number desc limit 1) as is_before,
      (select count(*)::int from tuned_models where organization_id = ${organizationId} and (root = any (names) or model = any (names)))
        + (select count(*)::int from keys where organization_id = ${organizationId} and revoked_at is null and models && names) as uses
    from model_changes, lateral (select array(select alias from model_aliases
      where model_aliases.model_id = model_changes.model_id) || model_changes.model_id as names) as named where retired_at is null order by retires_at`);
  return lifecycleRows({
    ending: Array.from(rows, ({ model, announced_at, retires_at }) => ({
      model,
      announcedAt: new Date(announced_at),
      retiresAt: new Date(retires_at),
    })),
    before: rows.filter(({ is_before }) => is_before).length,
    uses: rows.reduce((sum, { uses }) => sum + uses, 0),
  });
}
