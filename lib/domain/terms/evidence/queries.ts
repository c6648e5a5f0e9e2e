import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { documentRows } from "./rules.ts";

type Row = {
  versions: number;
  last_from: string | null;
  without: number;
  version: number | null;
  method: string | null;
  accepted_at: string | null;
  name: string | null;
};

export async function documentEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"documents">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select (select count(*)::int from publications where state in ('announced', 'in_force', 'replaced')) as versions,
      (select max(effective_at) from publications where state in ('in_force', 'replaced')) as last_from,
      (select count(*)::int from members where organization_id = ${ctx.organizationId} and not exists (select from acceptances
        where acceptances.organization_id = members.organization_id and acceptances.user_id = members.user_id)) as without,
      last.version, last.method, last.accepted_at, users.name
    from (select 1) as one left join lateral (select acceptances.version, method, accepted_at, user_id from acceptances
        join documents on documents.id = document_id
        where organization_id = ${ctx.organizationId} and binds and kind = 'terms' order by accepted_at desc limit 1) as last on true
      left join users on users.id = last.user_id`);
  const at = instantOf(row?.accepted_at);
  return documentRows({
    versions: row?.versions ?? 0,
    lastFrom: instantOf(row?.last_from),
    accepted: row && at ? { version: row.version ?? 0, method: row.method ?? "", at, name: row.name } : null,
    without: row?.without ?? 0,
  });
}
