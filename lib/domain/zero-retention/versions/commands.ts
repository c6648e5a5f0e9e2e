import { eq, sql } from "drizzle-orm";
import { provenVersions } from "#db/schema/readiness.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { activeZeroRetention, verifyZeroRetention } from "#lib/domain/zero-retention/checks/commands.ts";
import type { Verify } from "#lib/domain/zero-retention/force/commands.ts";

/** After which a check that a process left undone is begun again. */
const patienceMinutes = 60;

/** T-4.2.2.2-ZDR4: what is active is checked again under each new version, once, whatever number of processes run it. */
export const proveVersion = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, version: string | null, look: Verify): Promise<boolean> => {
    if (version === null || !(await begin(ctx, version))) return false;
    let [scopes, broken] = [0, 0];
    for (const named of await activeZeroRetention(ctx)) {
      scopes++;
      if (!(await verifyZeroRetention(ctx, named, look))) broken++;
    }
    await ctx.db
      .update(provenVersions)
      .set({ provenAt: ctx.now, scopes, broken })
      .where(eq(provenVersions.version, version));
    return true;
  },
});

/** Whether it is this process that checks it. */
async function begin(ctx: AccountContext, version: string): Promise<boolean> {
  const before = addMinutes(ctx.now, -patienceMinutes);
  const rows = await ctx.db
    .insert(provenVersions)
    .values({ version, begunAt: ctx.now })
    .onConflictDoUpdate({
      target: provenVersions.version,
      set: { begunAt: sql`excluded.begun_at` },
      setWhere: sql`${provenVersions.provenAt} is null and ${provenVersions.begunAt} < ${before.toISOString()}::timestamptz`,
    })
    .returning({ version: provenVersions.version });
  return rows.length > 0;
}
