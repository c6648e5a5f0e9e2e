import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue } from "#lib/domain/contract/values/rules.ts";
import { agentRows } from "./rules.ts";

type Counts = Record<
  "built" | "by_api" | "chat_agreed" | "workspaces" | "restricted_default" | "restricted" | "granted" | "handles",
  number
>;
type Row = Counts & { attested_name: string | null; decision: string | null } & Record<
    "attested_at" | "reported_at" | "decided_at" | "receipt_at" | "ends_at",
    string | null
  >;

const none: Counts = {
  built: 0,
  by_api: 0,
  chat_agreed: 0,
  workspaces: 0,
  restricted_default: 0,
  restricted: 0,
  granted: 0,
  handles: 0,
};

async function factsOf({ db, organizationId }: OrganizationContext): Promise<Row | undefined> {
  const [row] = await db.execute<Row>(sql`
    select counts.*, places.*, attested.*, report.*,
      (select count(*)::int from agent_grants where organization_id = ${organizationId}) as granted,
      (select count(distinct user_id)::int from acceptances join documents on documents.id = document_id
        where organization_id = ${organizationId} and documents.kind = 'chat') as chat_agreed,
      (select max(deleted_at) from agent_receipts where organization_id = ${organizationId}) as receipt_at,
      (select ends_at from agreements where organization_id = ${organizationId} order by number desc limit 1) as ends_at
    from (select count(*) filter (where source <> 'api')::int as built, count(*) filter (where source = 'api')::int as by_api,
        count(*) filter (where visibility <> 'workspace')::int as restricted, count(handle)::int as handles
        from agents where organization_id = ${organizationId}) as counts,
      (select count(*)::int as workspaces, count(*) filter (where agent_visibility <> 'workspace')::int as restricted_default
        from workspaces where organization_id = ${organizationId} and archived_at is null) as places
      left join lateral (select attested_at, users.name as attested_name from agent_versions left join users on users.id = created_by
        where organization_id = ${organizationId} and attested_at is not null order by attested_at desc limit 1) as attested on true
      left join lateral (select reported_at, decision, decided_at from agent_reports where organization_id = ${organizationId}
        order by reported_at desc limit 1) as report on true`);
  return row;
}

export async function agentEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"agents">> {
  authorize(ctx.actor, "contract.read");
  const [row, facts] = await Promise.all([factsOf(ctx), contractSources(ctx)]);
  const counts = { ...none, ...row };
  const [attestedAt, reportedAt] = [instantOf(row?.attested_at), instantOf(row?.reported_at)];
  return agentRows({
    built: counts.built,
    byApi: counts.by_api,
    canShare: plainValue(facts, "agents.sharing", ctx.now),
    chatAgreed: counts.chat_agreed,
    workspaces: counts.workspaces,
    restrictedByDefault: counts.restricted_default,
    restricted: counts.restricted,
    granted: counts.granted,
    handles: counts.handles,
    attested: attestedAt && { at: attestedAt, name: row?.attested_name ?? null },
    report: reportedAt && { reportedAt, decision: row?.decision ?? null, decidedAt: instantOf(row?.decided_at) },
    receiptAt: instantOf(row?.receipt_at),
    endsAt: instantOf(row?.ends_at),
  });
}
