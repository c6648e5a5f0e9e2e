import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type EvidenceOf, instantOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { type Asked, deletionRows } from "./rules.ts";

type Row = { kind: "agent" | "data"; received_at: string; due_at: string; done_at: string | null; open: number };

export async function deletionEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"deletions">> {
  authorize(ctx.actor, "contract.read");
  const rows = await ctx.db.execute<Row>(sql`
    select distinct on (kind) kind, received_at, due_at, done_at, count(*) filter (where state = 'open') over (partition by kind)::int as open
    from deletions where organization_id = ${ctx.organizationId}
    order by kind, state = 'open' desc, case state when 'open' then due_at end, done_at desc`);
  const asked = (kind: Row["kind"]): Asked => {
    const row = rows.find((one) => one.kind === kind);
    if (!row) return null;
    const { received_at, due_at, done_at, open } = row;
    return { receivedAt: new Date(received_at), dueAt: new Date(due_at), doneAt: instantOf(done_at), open };
  };
  return deletionRows({ agents: asked("agent"), models: asked("data"), now: ctx.now });
}
