import { and, eq, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agreements, terminations } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { cancelDeadline, cancelDeadlines, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { endedWithAgreement } from "#lib/domain/deadlines/rules.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { instantWords, noticeGivenLetter, noticeWithdrawnLetter } from "./letters.ts";
import { isWithdrawable, terminationClauses } from "./rules.ts";
import type { Agreement, Ending, Termination } from "./view.ts";

/** Locks the organization, and reads the agreement that runs; whoever ends, agrees or comes back does so first. */
export const lockAgreement = part(async (ctx: OrganizationContext): Promise<Agreement | null> => {
  const [organization] = await ctx.db
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId))
    .for("no key update");
  if (!organization) throw new AppError("not_found", "There is no such customer.");
  const [running] = await ctx.db
    .select()
    .from(agreements)
    .where(and(eq(agreements.organizationId, ctx.organizationId), isNull(agreements.endedAt)));
  return running ?? null;
});

const itsOpen = ({ organizationId }: OrganizationContext, number: number) =>
  and(
    eq(terminations.organizationId, organizationId),
    eq(terminations.agreementNumber, number),
    isNull(terminations.withdrawnAt),
  );

/** What ends the running agreement already, if anything does. Under the lock of `lockAgreement`. */
export const openTermination = part(
  async (ctx: OrganizationContext, { number }: Pick<Agreement, "number">): Promise<Termination | null> => {
    const [open] = await ctx.db.select().from(terminations).where(itsOpen(ctx, number));
    return open ?? null;
  },
);

/**
 * Gives notice that ends the running agreement at an instant: the gate refuses from then on by its own clock, whether any
 * job runs or not. A disagreement with new terms may take the place of a notice with a later end.
 */
export const beginEnding = part(async (ctx: OrganizationContext, ending: Ending): Promise<Id<"termination">> => {
  const agreement = await lockAgreement(ctx);
  if (!agreement || (agreement.endsAt && agreement.endsAt <= ctx.now))
    throw new AppError("conflict", "There is no agreement in force that could be ended.", {
      code: "agreement_not_running",
    });
  const open = await openTermination(ctx, agreement);
  if (open) {
    const isEarlier = ending.kind !== "convenience" && isWithdrawable(open.kind) && ending.endsAt < open.endsAt;
    if (!isEarlier)
      throw new AppError("conflict", `The agreement ends on ${instantWords(open.endsAt)} already.`, {
        code: "notice_given",
      });
    await ctx.db.update(terminations).set({ withdrawnAt: ctx.now }).where(itsOpen(ctx, agreement.number));
    await cancelDeadline(ctx, "contract.end", open.id);
  }
  const { kind, endsAt, words = null, publicationId = null, secondBy = null, hasDeletedKeys = false } = ending;
  const clause = terminationClauses[kind];
  const id = newId("termination", ctx.now);
  await ctx.db.insert(terminations).values({
    organizationId: ctx.organizationId,
    id,
    agreementNumber: agreement.number,
    kind,
    clause,
    noticedAt: ctx.now,
    endsAt,
    words,
    publicationId,
    secondBy,
    by: ctx.actor.id,
    attestedKeysAt: hasDeletedKeys ? ctx.now : null,
  });
  await setEnd(ctx, agreement, endsAt);
  await openDeadline(ctx, { clock: "contract.end", subject: { kind: "termination", id }, dueAt: endsAt });
  await writeAudit(ctx, {
    action: "contract.give-notice",
    object: { type: "agreement", id: String(agreement.number) },
    after: { kind, endsAt, ...(hasDeletedKeys && { keysDeleted: true }) },
    clause,
  });
  await publishWebhookEvent(ctx, "contract.notice_given", { kind, clause, ends_at: endsAt.toISOString() });
  await notifyOrganization(ctx, (to) => noticeGivenLetter(to, { kind, endsAt, words }));
  return id;
});

/** Takes a notice back before its end comes; what was ended for cause stays ended. */
export const withdrawEnding = part(async (ctx: OrganizationContext): Promise<void> => {
  const agreement = await lockAgreement(ctx);
  const open = agreement && (await openTermination(ctx, agreement));
  if (!open || open.appliedAt || open.endsAt <= ctx.now)
    throw new AppError("conflict", "There is no notice that could be withdrawn.", { code: "no_notice" });
  if (!isWithdrawable(open.kind))
    throw new AppError("conflict", "What was ended for cause can be appealed in Help, not withdrawn.", {
      code: "ended_for_cause",
    });
  await ctx.db.update(terminations).set({ withdrawnAt: ctx.now }).where(itsOpen(ctx, agreement.number));
  await setEnd(ctx, agreement, null);
  await cancelDeadline(ctx, "contract.end", open.id);
  await writeAudit(ctx, {
    action: "contract.withdraw",
    object: { type: "agreement", id: String(agreement.number) },
    before: { kind: open.kind, endsAt: open.endsAt },
    clause: terminationClauses[open.kind],
  });
  await publishWebhookEvent(ctx, "contract.withdrawn", { kind: open.kind, ends_at: open.endsAt.toISOString() });
  await notifyOrganization(ctx, (to) => noticeWithdrawnLetter(to, open.endsAt));
});

/** Ends what runs with its organization, which is deleted: nothing is announced to it any more, and no end is still to come. */
export const endWithOrganization = part(async (ctx: OrganizationContext): Promise<void> => {
  const agreement = await lockAgreement(ctx);
  if (!agreement) return;
  await cancelDeadlines(ctx, endedWithAgreement);
  const open = await openTermination(ctx, agreement);
  if (open) {
    await ctx.db.update(terminations).set({ withdrawnAt: ctx.now }).where(itsOpen(ctx, agreement.number));
    await cancelDeadline(ctx, "contract.end", open.id);
  }
  // Two processes' clocks differ a little, and an agreement may have begun a moment ago.
  const endedAt = agreement.startsAt > ctx.now ? agreement.startsAt : ctx.now;
  await ctx.db
    .update(agreements)
    .set({ endsAt: endedAt, endedAt, cause: "deleted" })
    .where(and(eq(agreements.organizationId, ctx.organizationId), eq(agreements.number, agreement.number)));
});

const setEnd = (ctx: OrganizationContext, { number }: Agreement, endsAt: Date | null) =>
  ctx.db
    .update(agreements)
    .set({ endsAt })
    .where(and(eq(agreements.organizationId, ctx.organizationId), eq(agreements.number, number)));
