import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { deadlines } from "#db/schema/contract.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { type ClockName, clocks, nextStep } from "./rules.ts";
import type { SubjectKind } from "./subjects/rules.ts";

type Opened = { clock: ClockName; subject: { kind: SubjectKind; id: string }; dueAt: Date };

/**
 * Starts a clock in the transaction of the command that starts what it measures. A clock runs once for a subject: opened
 * again it stays as it is, whichever of two processes came first.
 */
export const openDeadline = part(async (ctx: OrganizationContext, { clock, subject, dueAt }: Opened): Promise<void> => {
  await ctx.db
    .insert(deadlines)
    .values({
      organizationId: ctx.organizationId,
      id: newId("deadline", ctx.now),
      clock,
      clause: clocks[clock].clause,
      subjectKind: subject.kind,
      subjectId: subject.id,
      owner: clocks[clock].owner,
      openedAt: ctx.now,
      dueAt,
      ...nextStep(clock, { openedAt: ctx.now, dueAt, at: ctx.now }),
    })
    .onConflictDoNothing({
      target: [deadlines.organizationId, deadlines.clock, deadlines.subjectId],
      where: isOpen,
    });
});

const isOpen = and(isNull(deadlines.metAt), isNull(deadlines.cancelledAt)) as SQL;

const theOpen = ({ organizationId }: OrganizationContext, clock: ClockName, subjectId: string) =>
  and(
    eq(deadlines.organizationId, organizationId),
    eq(deadlines.clock, clock),
    eq(deadlines.subjectId, subjectId),
    isOpen,
  );

/** What a calendar that has it already goes by. */
const changed = ({ now }: OrganizationContext) => ({ sequence: sql`${deadlines.sequence} + 1`, changedAt: now });

/** Stops a clock, because what it waited for was done. */
export const meetDeadline = part(async (ctx: OrganizationContext, clock: ClockName, subjectId: string) => {
  await ctx.db
    .update(deadlines)
    .set({ metAt: ctx.now, metBy: ctx.actor.id, nextAt: null, untold: null, ...changed(ctx) })
    .where(theOpen(ctx, clock, subjectId));
});

/** Stops a clock, because what it waited for is no longer to come. */
export const cancelDeadline = part(async (ctx: OrganizationContext, clock: ClockName, subjectId: string) => {
  await ctx.db
    .update(deadlines)
    .set({ cancelledAt: ctx.now, nextAt: null, untold: null, ...changed(ctx) })
    .where(theOpen(ctx, clock, subjectId));
});

/** Opens a clock or moves it to the date its subject has now; null: the subject has none any more. */
export const keepDeadline = part(
  async (
    ctx: OrganizationContext,
    { dueAt, ...one }: Omit<Opened, "dueAt"> & { dueAt: Date | null },
  ): Promise<void> => {
    if (dueAt === null) return cancelDeadline(ctx, one.clock, one.subject.id);
    await moveDeadline(ctx, one.clock, one.subject.id, dueAt);
    await openDeadline(ctx, { ...one, dueAt });
  },
);

/** Stops all of a customer's clocks of some kinds, where what they are about ends together. */
export const cancelDeadlines = part(async (ctx: OrganizationContext, clocks: readonly ClockName[]): Promise<void> => {
  await ctx.db
    .update(deadlines)
    .set({ cancelledAt: ctx.now, nextAt: null, untold: null, ...changed(ctx) })
    .where(and(eq(deadlines.organizationId, ctx.organizationId), inArray(deadlines.clock, [...clocks]), isOpen));
});

/** Sets a running clock to another date, of which its owner is reminded anew. */
export const moveDeadline = part(async (ctx: OrganizationContext, clock: ClockName, subjectId: string, dueAt: Date) => {
  const [open] = await ctx.db
    .select({ openedAt: deadlines.openedAt, dueAt: deadlines.dueAt })
    .from(deadlines)
    .where(theOpen(ctx, clock, subjectId))
    .for("update");
  if (!open || open.dueAt.getTime() === dueAt.getTime()) return;
  await ctx.db
    .update(deadlines)
    .set({
      ...{ dueAt, brokenAt: null, untold: null, ...changed(ctx) },
      ...nextStep(clock, { openedAt: open.openedAt, dueAt, at: ctx.now }),
    })
    .where(theOpen(ctx, clock, subjectId));
});
