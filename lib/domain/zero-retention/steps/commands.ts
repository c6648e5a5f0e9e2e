import { and, desc, eq, sql } from "drizzle-orm";
import { zeroRetentionStepRows } from "#db/schema/zero-retention.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Request } from "#lib/domain/zero-retention/changes/commands.ts";
import type { StepView } from "#lib/domain/zero-retention/view.ts";

export type Step = typeof zeroRetentionStepRows.$inferSelect;

/** The last attempt at a step of a request. */
export const latestAttempt = part(
  async (ctx: OrganizationContext, request: Request, step: StepView["step"]): Promise<Step | undefined> => {
    const [row] = await ctx.db
      .select()
      .from(zeroRetentionStepRows)
      .where(
        and(
          eq(zeroRetentionStepRows.organizationId, request.organizationId),
          eq(zeroRetentionStepRows.requestId, request.id),
          eq(zeroRetentionStepRows.step, step),
        ),
      )
      .orderBy(desc(zeroRetentionStepRows.attempt))
      .limit(1);
    return row;
  },
);

/** The attempt that is under way, or a new one after one that failed. */
export const beginStep = part(
  async (ctx: OrganizationContext, request: Request, step: StepView["step"]): Promise<Step> => {
    const last = await latestAttempt(ctx, request, step);
    if (last && last.outcome !== "failed") return last;
    const { organizationId, id: requestId } = request;
    // The database's clock, which is every process's.
    const startedAt = sql`clock_timestamp()`;
    const row = { organizationId, requestId, step, attempt: (last?.attempt ?? 0) + 1, startedAt, facts: last?.facts };
    const [made] = await ctx.db.insert(zeroRetentionStepRows).values(row).onConflictDoNothing().returning();
    if (!made) throw new AppError("conflict", "Another process does this step.");
    return made;
  },
);

export const changeStep = part(
  async (
    ctx: OrganizationContext,
    row: Step,
    set: Partial<typeof zeroRetentionStepRows.$inferInsert>,
  ): Promise<void> => {
    await ctx.db
      .update(zeroRetentionStepRows)
      .set(set)
      .where(
        and(
          eq(zeroRetentionStepRows.organizationId, row.organizationId),
          eq(zeroRetentionStepRows.requestId, row.requestId),
          eq(zeroRetentionStepRows.step, row.step),
          eq(zeroRetentionStepRows.attempt, row.attempt),
        ),
      );
  },
);
