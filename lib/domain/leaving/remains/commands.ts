import { and, eq, lte } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { conversations } from "#db/schema/conversations.ts";
import { departures, members } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { conversationDays } from "#lib/domain/leaving/rules.ts";

const atOnce = 500;

/** Deletes the conversations of people who left thirty days ago and have not come back; says how many went. */
export const purgeLeftBehind = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select()
      .from(departures)
      .where(lte(departures.leftAt, addDays(ctx.now, -conversationDays)))
      .limit(atOnce);
    let purged = 0;
    for (const { organizationId, userId } of due) {
      purged += await transaction(inOrganization(ctx, organizationId), (ctx) => settle(ctx, userId));
    }
    return purged;
  },
});

async function settle(ctx: OrganizationContext, userId: Id<"user">): Promise<number> {
  const { organizationId } = ctx;
  const its = and(eq(departures.organizationId, organizationId), eq(departures.userId, userId));
  const [left] = await ctx.db.delete(departures).where(its).returning();
  const back = and(eq(members.organizationId, organizationId), eq(members.userId, userId));
  if (!left || (await ctx.db.$count(members, back)) > 0) return 0;
  const conversationsGone = await forget(ctx, userId);
  if (conversationsGone > 0) {
    await writeAudit(ctx, {
      action: "conversation.purge",
      object: { type: "user", id: userId },
      after: { conversations: conversationsGone, leftAt: left.leftAt },
    });
  }
  return conversationsGone;
}

async function forget(ctx: OrganizationContext, userId: Id<"user">): Promise<number> {
  const own = and(eq(conversations.organizationId, ctx.organizationId), eq(conversations.ownerId, userId));
  const gone = await ctx.db.delete(conversations).where(own).returning({ id: conversations.id });
  return gone.length;
}
