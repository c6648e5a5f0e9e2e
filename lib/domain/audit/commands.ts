import { eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { auditChecks, auditHeads } from "#db/schema/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization } from "#lib/core/context.ts";
import { type Flaw, flawWords } from "./rules.ts";

export type ChainVerdict = { organizationId: Id<"organization">; rows: number; hash: string; flaws: Flaw[] };

const flawsShown = 100;

/** Goes through an organization's whole chain and keeps how far it holds, for the page to go on from. */
export const verifyChain = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx): Promise<ChainVerdict> => {
    const { organizationId } = ctx;
    return ctx.db.transaction(
      async (tx) => {
        const [head] = await tx.select().from(auditHeads).where(eq(auditHeads.organizationId, organizationId));
        const flaws = [
          ...(await tx.execute<Flaw>(
            sql`select "organizationId", sequence::float8, id, kind from audit_flaws(${organizationId}, 0, '') order by sequence limit ${flawsShown}`,
          )),
        ];
        const { sequence = 0, hash = "" } = head ?? {};
        const found = { sequence, hash, flaw: flaws[0] ? flawWords(flaws[0]) : null, checkedAt: ctx.now };
        await tx
          .insert(auditChecks)
          .values({ organizationId, ...found })
          .onConflictDoUpdate({ target: auditChecks.organizationId, set: found });
        return { organizationId, rows: sequence, hash, flaws };
      },
      { isolationLevel: "repeatable read" },
    );
  },
});

/** The same for every organization that has a row or a head. */
export const verifyChains = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<ChainVerdict[]> => {
    const rows = await ctx.db.execute<{ id: Id<"organization"> }>(sql`
    select organization_id as id from audit_heads union select distinct organization_id from audit_events order by 1`);
    const verdicts: ChainVerdict[] = [];
    for (const { id } of rows) verdicts.push(await verifyChain(inOrganization(ctx, id)));
    return verdicts;
  },
});
