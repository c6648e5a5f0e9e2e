import { sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import type { ClockName } from "#lib/domain/deadlines/rules.ts";
import { flawOf, flaws, sources } from "./rules.ts";

type Row = {
  organizationId: Id<"organization">;
  at: string | null;
  moreMs: string | null;
  kept: string | null;
};

/** How many subjects have each flaw, over all customers and clocks. */
export async function deadlineFlaws(ctx: AccountContext): Promise<{ name: string; violations: number }[]> {
  authorize(ctx.actor, "system.operate");
  const counts = { missing: 0, left: 0, moved: 0 };
  const days = new Map<Id<"organization">, number>();
  for (const clock of Object.keys(sources) as ClockName[]) {
    for (const row of await subjectsOf(ctx, clock)) {
      const flaw = flawOf(clock, await foundOf(ctx, clock, row, days), ctx.now);
      if (flaw) counts[flaw] += 1;
    }
  }
  return (Object.keys(flaws) as (keyof typeof flaws)[]).map((flaw) => ({
    name: flaws[flaw],
    violations: counts[flaw],
  }));
}

const subjectsOf = (ctx: AccountContext, clock: ClockName) =>
  ctx.db.execute<Row>(sql`
    select coalesce(source.organization_id, kept.organization_id) as "organizationId", source.at, source.more_ms as "moreMs",
      kept.due_at as kept
    from (${sql.raw(sources[clock]?.open ?? "")}) as source
    full join (select * from deadlines where clock = ${clock} and met_at is null and cancelled_at is null) as kept
      on kept.organization_id = source.organization_id and kept.subject_id = source.subject_id`);

async function foundOf(ctx: AccountContext, clock: ClockName, row: Row, days: Map<Id<"organization">, number>) {
  const kept = row.kept === null ? null : new Date(row.kept);
  if (row.at === null) return { due: null, kept };
  const at = new Date(row.at);
  const rule = sources[clock]?.due;
  if (!rule) return { due: at, kept };
  const disputeDays = clock === "dispute.window" ? await disputeDaysOf(ctx, row.organizationId, days) : 0;
  return { due: rule({ at, moreMs: Number(row.moreMs), disputeDays }), kept };
}

async function disputeDaysOf(
  ctx: AccountContext,
  id: Id<"organization">,
  known: Map<Id<"organization">, number>,
): Promise<number> {
  const days = known.get(id) ?? (await billingTerms(inOrganization(ctx, id))).disputeDays;
  known.set(id, days);
  return days;
}
