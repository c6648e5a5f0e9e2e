import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { legalNotices } from "#db/schema/contract.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { storedClause } from "#lib/core/clauses/register.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { confirmServiceInput, serviceInput, settling } from "#lib/domain/notices/legal/input.ts";
import type { LegalNotice } from "#lib/domain/notices/legal/view.ts";

type Work = (customer: OrganizationContext, notice: LegalNotice) => Promise<void>;

/** On a notice that no letter has given: what was given already keeps its instant. */
function onNotice(ctx: AccountContext, id: Id<"legalNotice">, work: Work): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const [notice] = await ctx.db.select().from(legalNotices).where(eq(legalNotices.id, id)).for("update");
    if (!notice) throw new AppError("not_found", "There is no such notice.");
    if (notice.noticedAt || notice.servedBy)
      throw new AppError("conflict", "This notice was given already.", { code: "notice_given" });
    await work(inOrganization(ctx, notice.organizationId), notice);
  });
}

/** Writes down that a notice was given in another way than by letter; with one approver it counts at once. */
export const recordService = command({
  can: "letters.decide",
  within: "account",
  input: serviceInput,
  run: (ctx, { id, at, words }): Promise<void> =>
    onNotice(ctx, id, async (customer, notice) => {
      if (at < notice.postedAt || at > ctx.now)
        throw new AppError("invalid", "Check the marked fields.", {
          fields: { at: ["Give an instant between the announcement and now."] },
        });
      const isAlone = env().APPROVERS === 1;
      await keep(customer, notice, {
        servedAt: at,
        servedWords: words,
        serveProposedBy: ctx.actor.id,
        servedBy: isAlone ? ctx.actor.id : null,
      });
      await note(customer, notice, "legal_notice.record-service", { at, words, approvers: env().APPROVERS });
      if (isAlone) await enqueue(ctx, settling, customer, { key: notice.organizationId });
    }),
});

/** A second person confirms it, and from then on the notice counts as given at that instant. */
export const confirmService = command({
  can: "letters.decide",
  within: "account",
  input: confirmServiceInput,
  run: (ctx, { id }): Promise<void> =>
    onNotice(ctx, id, async (customer, notice) => {
      if (!notice.servedAt)
        throw new AppError("conflict", "Write down first how and when the notice was given.", { code: "not_recorded" });
      if (notice.serveProposedBy === ctx.actor.id)
        throw new AppError("forbidden", "You wrote it down; another person has to confirm it.", {
          code: "second_person",
        });
      await keep(customer, notice, { servedBy: ctx.actor.id });
      await note(customer, notice, "legal_notice.confirm-service", { at: notice.servedAt, approvers: 2 });
      await enqueue(ctx, settling, customer, { key: notice.organizationId });
    }),
});

const keep = (ctx: OrganizationContext, { id }: LegalNotice, change: Partial<LegalNotice>) =>
  ctx.db
    .update(legalNotices)
    .set(change)
    .where(and(eq(legalNotices.organizationId, ctx.organizationId), eq(legalNotices.id, id)));

const note = (
  ctx: OrganizationContext,
  { id, clause }: LegalNotice,
  action: "legal_notice.record-service" | "legal_notice.confirm-service",
  after: Record<string, unknown>,
): Promise<void> => writeAudit(ctx, { action, object: { type: "legal_notice", id }, after, ...storedClause(clause) });
