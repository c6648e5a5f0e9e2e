import { and, asc, desc, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { upstreamMarks } from "#db/schema/readiness.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { checkAddress } from "#lib/domain/zero-retention/control/rules.ts";
import { markLostLetter } from "#lib/domain/zero-retention/letters.ts";
import { lostBetween, type Mark } from "./rules.ts";

/**
 * T-4.2.2.2-ZDR4: notes at each start which upstreams are said to keep nothing. Where that was taken back, whoever is under
 * zero retention is told once; requests stopped going there with the configuration.
 */
export const publishMarks = command({
  can: "system.operate",
  within: "account",
  run: (ctx, marks: readonly Mark[]): Promise<void> =>
    transaction(ctx, async (ctx) => {
      // Of two processes that start at once, the second finds nothing lost.
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended('zero-retention.marks', 0))`);
      const before = await ctx.db.select().from(upstreamMarks).where(isNull(upstreamMarks.lostAt));
      for (const { models, ...mark } of marks) {
        const row = { ...mark, models: [...models], seenAt: ctx.now, lostAt: null };
        await ctx.db.insert(upstreamMarks).values(row).onConflictDoUpdate({ target: upstreamMarks.upstream, set: row });
      }
      const lost = lostBetween(before, marks);
      if (lost.upstreams.length === 0) return;
      await ctx.db
        .update(upstreamMarks)
        .set({ lostAt: ctx.now })
        .where(inArray(upstreamMarks.upstream, lost.upstreams));
      for (const id of lost.upstreams)
        await writeAudit(ofProvider(ctx), {
          action: "zero-retention.lose-mark",
          object: { type: "upstream", id },
          after: { models: lost.models },
          clause: "T-4.2.2.2-ZDR4",
        });
      for (const place of await placesUnder(ctx))
        await notifyOrganization(inOrganization(ctx, place.organizationId), (to) =>
          markLostLetter(to, { ...place, ...lost }),
        );
    }),
});

/** Every organization of which nothing, or not everything, is kept, with the workspace its letters lead to. */
function placesUnder(
  ctx: AccountContext,
): Promise<{ organizationId: Id<"organization">; workspaceId: Id<"workspace"> }[]> {
  const { id, zeroRetentionSince, registrationEmail } = organizations;
  const isUnder = or(
    sql`${zeroRetentionSince} is not null`,
    sql`exists (select from workspaces as own where own.organization_id = ${id} and own.zero_retention_since is not null)`,
    sql`may_require_zero_retention(${id})`,
    sql`ordered_zero_retention(${id})`,
  );
  return ctx.db
    .selectDistinctOn([id], { organizationId: id, workspaceId: workspaces.id })
    .from(organizations)
    .innerJoin(workspaces, eq(workspaces.organizationId, id))
    .where(and(ne(registrationEmail, checkAddress), isUnder))
    .orderBy(asc(id), desc(workspaces.isDefault), asc(workspaces.id));
}
