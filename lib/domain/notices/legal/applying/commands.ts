import { and, asc, eq, gt, isNull, lte, or } from "drizzle-orm";
import { agreements, legalNotices } from "#db/schema/contract.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { stopClocks } from "#lib/domain/notices/legal/clocks/commands.ts";
import { kindOf, type NoticeHooks } from "#lib/domain/notices/legal/commands.ts";
import { together } from "#lib/domain/notices/legal/rules.ts";
import type { GivenNotice, LegalNotice } from "#lib/domain/notices/legal/view.ts";

/** Does what follows from the dates that have come, once for each customer. The dates themselves do not wait for it. */
export const applyNotices = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, hooks: NoticeHooks): Promise<void> => {
    let found = together;
    while (found === together) {
      const due = await ctx.db
        .select()
        .from(legalNotices)
        .where(and(isNull(legalNotices.appliedAt), lte(legalNotices.effectiveAt, ctx.now)))
        .orderBy(asc(legalNotices.effectiveAt), asc(legalNotices.id))
        .limit(together);
      found = due.length;
      for (const notice of due)
        await transaction(inOrganization(ctx, notice.organizationId), (ctx) => applyOne(ctx, notice, hooks));
    }
  },
});

async function applyOne(ctx: OrganizationContext, notice: LegalNotice, hooks: NoticeHooks): Promise<void> {
  const [applied] = await ctx.db
    .update(legalNotices)
    .set({ appliedAt: ctx.now })
    .where(
      and(
        eq(legalNotices.organizationId, ctx.organizationId),
        eq(legalNotices.id, notice.id),
        isNull(legalNotices.appliedAt),
        lte(legalNotices.effectiveAt, ctx.now),
      ),
    )
    .returning();
  if (!applied?.noticedAt || !applied.effectiveAt) return;
  const isRunning = await isRunningAt(ctx, applied.effectiveAt);
  await stopClocks(ctx, applied, isRunning ? "met" : "cancelled");
  if (!isRunning) return;
  await kindOf(hooks, notice.about).onEffective?.(ctx, applied as GivenNotice);
}

async function isRunningAt(ctx: OrganizationContext, at: Date): Promise<boolean> {
  const its = and(
    eq(agreements.organizationId, ctx.organizationId),
    isNull(agreements.endedAt),
    or(isNull(agreements.endsAt), gt(agreements.endsAt, at)),
  );
  return (await ctx.db.$count(agreements, its)) > 0;
}
