import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, snapshot, transaction } from "#lib/core/context.ts";
import { batchInvariants } from "./batch/rules.ts";
import { billingInvariants } from "./billing/rules.ts";
import { deadlineFlaws } from "./deadlines/queries.ts";
import { exportInvariants } from "./exports/rules.ts";
import { invariants } from "./rules.ts";
import { tuningInvariants } from "./tuning/rules.ts";

export type Verdict = { name: string; violations: number };

/** Checks every invariant of the house on one snapshot of the database, while it is in use. */
export async function verify(ctx: AccountContext): Promise<Verdict[]> {
  authorize(ctx.actor, "system.operate");
  return transaction(
    ctx,
    async (ctx) => {
      const verdicts: Verdict[] = [];
      for (const { name, violations } of [
        ...invariants,
        ...billingInvariants,
        ...tuningInvariants,
        ...batchInvariants,
        ...exportInvariants,
      ]) {
        const [row] = await ctx.db.execute<{ count: string }>(
          sql`select count(*) from (${sql.raw(violations)}) as violations`,
        );
        verdicts.push({ name, violations: Number(row?.count ?? 0) });
      }
      return [...verdicts, ...(await deadlineFlaws(ctx))];
    },
    snapshot,
  );
}
