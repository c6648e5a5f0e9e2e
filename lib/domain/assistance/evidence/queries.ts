import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { type AssistanceFacts, assistanceRows } from "./rules.ts";

type Row = { state: NonNullable<AssistanceFacts["grant"]>["state"]; reads: number; requested_at: string } & Record<
  "ends_at" | "ended_at",
  string | null
>;

export async function assistanceEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"assistance">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select state, requested_at, ends_at, ended_at, (select count(*)::int from assistance_reads
      where assistance_reads.organization_id = grants.organization_id and grant_id = grants.id) as reads
    from assistance_grants as grants where organization_id = ${ctx.organizationId}
    order by ended_at is null desc, requested_at desc limit 1`);
  if (!row) return assistanceRows({ grant: null });
  const { state, reads, requested_at, ends_at, ended_at } = row;
  return assistanceRows({
    grant: {
      state,
      reads,
      requestedAt: new Date(requested_at),
      endsAt: instantOf(ends_at),
      endedAt: instantOf(ended_at),
    },
  });
}
