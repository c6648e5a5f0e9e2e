import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import { addMonths } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import { changesAt, isInForce, limitsFor, type RateFactsRow, rateFacts } from "#lib/domain/rates/rules.ts";
import { type RateEvidenceFacts, rateRows } from "./rules.ts";

type State = NonNullable<RateEvidenceFacts["request"]>["state"];
type Row = { facts: string; models: string[] | null; state: State | null } & Record<
  "created_at" | "decided_at",
  string | null
>;

export async function rateEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"rates">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select rate_facts(${ctx.organizationId})::text as facts, (select array_agg(id order by id) from models where available) as models,
      last.state, last.created_at, last.decided_at
    from (select 1) as one left join lateral (select state, created_at, decided_at from rate_requests
      where organization_id = ${ctx.organizationId} order by created_at desc, id desc limit 1) as last on true`);
  const facts = rateFacts(JSON.parse(row?.facts ?? "null") as RateFactsRow);
  const decided = facts.overrides.filter((one) => one.source !== "workspace" && isInForce(one, ctx.now));
  const ends = decided.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted((a, b) => a.getTime() - b.getTime());
  const limits = (row?.models ?? []).flatMap((model) => limitsFor(facts, { workspaceId: null, model }, ctx.now));
  const latest = addMonths(ctx.now, 120);
  const change = changesAt(facts, ctx.now, latest);
  const createdAt = instantOf(row?.created_at);
  return rateRows({
    plan: planAt(facts, ctx.now.getTime()),
    decided: decided.length,
    decidedUntil: ends[0] ?? null,
    request: row?.state && createdAt ? { state: row.state, createdAt, decidedAt: instantOf(row.decided_at) } : null,
    limits: new Set(limits.map(({ kind, model, scope }) => `${kind} ${model} ${scope}`)).size,
    changesAt: change < latest ? change : null,
  });
}
