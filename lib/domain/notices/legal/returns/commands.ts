import { and, arrayContains, eq, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { legalNotices } from "#db/schema/contract.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { storedClause } from "#lib/core/clauses/register.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { stopClocks } from "#lib/domain/notices/legal/clocks/commands.ts";
import { settling } from "#lib/domain/notices/legal/input.ts";

const carrying = (ctx: OrganizationContext, letterId: Id<"letter">) =>
  and(eq(legalNotices.organizationId, ctx.organizationId), arrayContains(legalNotices.letterIds, [letterId]));

/** Has the notices of a letter settled soon after the mail server has answered about it. */
export const settleSoon = part(async (ctx: OrganizationContext, letterId: Id<"letter">): Promise<void> => {
  if ((await ctx.db.$count(legalNotices, carrying(ctx, letterId))) === 0) return;
  const { organizationId } = ctx;
  await enqueue(ctx, settling, { organizationId }, { key: organizationId });
});

/**
 * A letter came back within the days in which that counts: the notice was not given by it. Until another letter or another
 * service gives it, nothing of it takes effect.
 */
export const takeBack = part(async (ctx: OrganizationContext, letterId: Id<"letter">, sentAt: Date): Promise<void> => {
  const taken = await ctx.db
    .update(legalNotices)
    .set({ noticedAt: null, effectiveAt: null })
    .where(and(carrying(ctx, letterId), eq(legalNotices.noticedAt, sentAt), isNull(legalNotices.servedBy)))
    .returning();
  for (const notice of taken) {
    const { id, clause } = notice;
    await writeAudit(ctx, {
      action: "legal_notice.take-back",
      object: { type: "legal_notice", id },
      before: { noticedAt: sentAt },
      after: { letter: letterId },
      ...storedClause(clause),
    });
    await stopClocks(ctx, notice, "cancelled");
  }
  if (taken.length > 0) await settleSoon(ctx, letterId);
});

/** A letter was written again: the notice is given by it too, if it is not yet. */
export const alsoBy = part(
  async (ctx: OrganizationContext, letterId: Id<"letter">, again: Id<"letter">): Promise<void> => {
    await ctx.db
      .update(legalNotices)
      .set({ letterIds: sql`array_append(${legalNotices.letterIds}, ${again}::text)` })
      .where(carrying(ctx, letterId));
    await settleSoon(ctx, again);
  },
);
