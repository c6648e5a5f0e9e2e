import { and, eq, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agreements, legalNotices } from "#db/schema/contract.ts";
import { subprocessors } from "#db/schema/terms.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { beginEnding, lockAgreement } from "#lib/domain/agreements/commands.ts";
import { instantWords } from "#lib/domain/agreements/letters.ts";
import { cancelDeadline } from "#lib/domain/deadlines/commands.ts";
import { announce } from "#lib/domain/notices/legal/commands.ts";
import type { GivenNotice } from "#lib/domain/notices/legal/view.ts";
import { earliestDate } from "#lib/domain/publications/rules.ts";
import { addSubprocessorInput, endOverInput, removeSubprocessorInput } from "./input.ts";
import { pendingSubprocessors, subprocessorFacts } from "./queries.ts";
import type { PendingSubprocessor } from "./view.ts";

/**
 * T-2-INC: adds one. Each business with an agreement has a notice of it, and it is one for them thirty days after that at the
 * earliest; while there is no customer yet, it is there at once.
 */
export const addSubprocessor = command({
  can: "terms.decide",
  within: "account",
  input: addSubprocessorInput,
  run: (ctx, { plannedAt, ...given }): Promise<Id<"subprocessor">> =>
    transaction(ctx, async (ctx) => {
      const id = newId("subprocessor", ctx.now);
      const hasCustomers = (await ctx.db.$count(agreements, isNull(agreements.endedAt))) > 0;
      const from = hasCustomers ? datedFrom(ctx, plannedAt) : ctx.now;
      const dates = { addedAt: ctx.now, announcedAt: hasCustomers ? ctx.now : null, plannedAt: from };
      await ctx.db.insert(subprocessors).values({ id, ...given, ...dates, addedBy: ctx.actor.id });
      if (hasCustomers)
        await announce(ctx, {
          about: "subprocessor",
          aboutId: id,
          clause: "T-2-INC",
          plannedAt: from,
          audience: "business",
        });
      await writeAudit(ofProvider(ctx), {
        action: "subprocessor.add",
        object: { type: "subprocessor", id },
        after: { ...given, from },
        clause: "T-2-INC",
      });
      return id;
    }),
});

function datedFrom(ctx: AccountContext, plannedAt: Date | undefined): Date {
  const earliest = earliestDate(ctx.now);
  if (!plannedAt || plannedAt >= earliest) return plannedAt ?? earliest;
  const message = `Customers have thirty days from their notice: ${earliest.toISOString()} at the earliest.`;
  throw new AppError("conflict", message, { code: "too_early", fields: { plannedAt: [message] } });
}

/** Takes one off the list: nothing is processed there any more, or, where it was announced only, never will be. */
export const removeSubprocessor = command({
  can: "terms.decide",
  within: "account",
  input: removeSubprocessorInput,
  run: (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const removed = await ctx.db
        .update(subprocessors)
        .set({ removedAt: ctx.now })
        .where(and(eq(subprocessors.id, id), isNull(subprocessors.removedAt)))
        .returning({ name: subprocessors.name });
      if (removed.length === 0) throw new AppError("not_found", "There is no such subprocessor on the list.");
      const notices = await ctx.db
        .update(legalNotices)
        .set({ appliedAt: ctx.now })
        .where(
          and(eq(legalNotices.about, "subprocessor"), eq(legalNotices.aboutId, id), isNull(legalNotices.appliedAt)),
        )
        .returning({ organizationId: legalNotices.organizationId, id: legalNotices.id });
      for (const notice of notices)
        await cancelDeadline(inOrganization(ctx, notice.organizationId), "subprocessor.effective", notice.id);
      await writeAudit(ofProvider(ctx), {
        action: "subprocessor.remove",
        object: { type: "subprocessor", id },
        before: { ...removed[0] },
        clause: "T-2-INC",
      });
    }),
});

/** Tells the organization's webhooks from when on it is one for them. */
export const tellSubprocessor = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const { name, purpose, location } = await subprocessorFacts(ctx, notice.aboutId);
  await publishWebhookEvent(ctx, "subprocessor.announced", {
    ...{ name, purpose, location },
    noticed_at: notice.noticedAt.toISOString(),
    effective_at: notice.effectiveAt.toISOString(),
  });
});

/** The one a page was about, while it is not added for this customer yet. */
export const pendingOne = part(
  async (ctx: OrganizationContext, id: Id<"subprocessor">): Promise<PendingSubprocessor> => {
    const pending = (await pendingSubprocessors(ctx)).find((one) => one.id === id);
    if (pending) return pending;
    throw new AppError("conflict", "Its date has come, or it was not announced to you. Open the page again.", {
      code: "subprocessor_not_pending",
    });
  },
);

/** T-7-EXIT: ends the agreement because of one, at any instant until it is added, without another period. */
export const endOverSubprocessor = command({
  can: "contract.terminate",
  within: "organization",
  input: endOverInput,
  stepUp: "contract.terminate",
  run: (ctx, { id, endsAt, words }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockAgreement(ctx);
      const { startsAt } = await pendingOne(ctx, id);
      const at = endsAt ?? startsAt;
      if (at < ctx.now || at > startsAt)
        throw new AppError("invalid", "Check the marked fields.", {
          fields: { endsAt: [`Choose an instant from now until ${instantWords(startsAt)}.`] },
        });
      await beginEnding(ctx, { kind: "disagreement", endsAt: at, ...(words && { words }) });
    }),
});
