import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { agreementRows } from "./rules.ts";

type Row = Record<"starts_at" | "ends_at" | "ended_at" | "first_use_at" | "accepted_at", string | null> & {
  number: number | null;
};

export async function agreementEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"agreement">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select first_use_at, (select min(accepted_at) from acceptances where organization_id = organizations.id and binds) as accepted_at,
      number, starts_at, ends_at, ended_at
    from organizations left join lateral (select * from agreements where organization_id = organizations.id
      order by number desc limit 1) as latest on true where id = ${ctx.organizationId}`);
  return agreementRows({
    number: row?.number ?? null,
    startsAt: instantOf(row?.starts_at),
    endsAt: instantOf(row?.ends_at),
    endedAt: instantOf(row?.ended_at),
    firstUseAt: instantOf(row?.first_use_at),
    acceptedAt: instantOf(row?.accepted_at),
  });
}
