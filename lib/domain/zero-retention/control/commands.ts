import { and, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { provisionOrganization } from "#lib/domain/sign-up/provisioning/commands.ts";
import { checkAddress } from "./rules.ts";

const names = { organization: "Checks of zero retention", quiet: "Keeps nothing" };

export type CheckPlaces = {
  organizationId: Id<"organization">;
  userId: Id<"user">;
  /** What is asked here is kept for 30 days, as everyone's is. */
  kept: Id<"workspace">;
  /** Nothing of what is asked here is kept. */
  quiet: Id<"workspace">;
};

/** The provider's own organization, made once, in which checks ask: what is kept there has to be found. */
export const checkPlaces = command({
  can: "system.operate",
  within: "account",
  run: (ctx): Promise<CheckPlaces> =>
    transaction(ctx, async (ctx) => {
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended('zero-retention.checks', 0))`);
      const found = await placesOf(ctx);
      if (found) return found;
      const { organizationId } = await provisionOrganization(ctx, {
        name: names.organization,
        ownerEmail: checkAddress,
        plan: "paid",
      });
      const quiet = { organizationId, id: newId("workspace", ctx.now), name: names.quiet, createdAt: ctx.now };
      await ctx.db.insert(workspaces).values({ ...quiet, zeroRetentionSince: ctx.now });
      return (await placesOf(ctx)) as CheckPlaces;
    }),
});

async function placesOf(ctx: AccountContext): Promise<CheckPlaces | null> {
  const rows = await ctx.db
    .select({
      organizationId: organizations.id,
      userId: users.id,
      workspaceId: workspaces.id,
      since: workspaces.zeroRetentionSince,
    })
    .from(users)
    .innerJoin(organizations, eq(organizations.createdBy, users.id))
    .innerJoin(workspaces, and(eq(workspaces.organizationId, organizations.id)))
    .where(eq(users.email, checkAddress));
  const kept = rows.find(({ since }) => since === null);
  const quiet = rows.find(({ since }) => since !== null);
  if (!kept || !quiet) return null;
  return {
    organizationId: kept.organizationId,
    userId: kept.userId,
    kept: kept.workspaceId,
    quiet: quiet.workspaceId,
  };
}
