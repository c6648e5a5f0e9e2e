import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { changeRows } from "./rules.ts";

type Row = {
  change: "non_substantial" | "substantial";
  kind: string;
  version: number;
  title: string;
  summary: string | null;
  implied_at: string | null;
} & Record<"announced_at" | "started_at" | "noticed_at" | "effective_at", string | null>;

export async function changeEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"publications">> {
  authorize(ctx.actor, "contract.read");
  const [rows, ending] = await Promise.all([
    ctx.db.execute<Row>(sql`
      select distinct on (change) change, publications.kind, publications.version, documents.title, publications.summary,
        publications.announced_at, publications.effective_at as started_at, noticed_at, legal_notices.effective_at,
        (select max(accepted_at) from acceptances where organization_id = ${ctx.organizationId} and method = 'implied_by_use') as implied_at
      from publications join documents on documents.id = document_id left join legal_notices
        on organization_id = ${ctx.organizationId} and about = 'terms' and about_id = publications.id
      where change in ('substantial', 'non_substantial') and state in ('announced', 'in_force', 'replaced')
      order by change, coalesce(announced_at, publications.effective_at) desc`),
    terminationOf(ctx),
  ]);
  const small = rows.find(({ change }) => change === "non_substantial");
  const large = rows.find(({ change }) => change === "substantial");
  const smallAt = instantOf(small?.started_at);
  const announcedAt = instantOf(large?.announced_at);
  return changeRows({
    small: small && smallAt ? { ...small, at: smallAt } : null,
    substantial:
      large && announcedAt
        ? { ...large, announcedAt, noticedAt: instantOf(large.noticed_at), effectiveAt: instantOf(large.effective_at) }
        : null,
    ending,
    impliedAt: instantOf(large?.implied_at ?? small?.implied_at),
    now: ctx.now,
  });
}
