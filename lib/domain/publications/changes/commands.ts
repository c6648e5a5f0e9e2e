import { type Id, newId } from "#db/id.ts";
import { acceptances } from "#db/schema/terms.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { beginEnding, lockAgreement, openTermination } from "#lib/domain/agreements/commands.ts";
import { instantWords } from "#lib/domain/agreements/letters.ts";
import type { GivenNotice } from "#lib/domain/notices/legal/view.ts";
import { agreeInput, disagreeInput } from "#lib/domain/terms/input.ts";
import type { PendingChange } from "#lib/domain/terms/view.ts";
import { changeFacts, pendingChanges, unagreedVersions } from "./queries.ts";

/** Tells the organization's webhooks from when the change holds for them. */
export const tellAnnounced = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const { kind, version } = await changeFacts(ctx, notice.aboutId);
  await publishWebhookEvent(ctx, "terms.announced", {
    document: kind,
    version,
    noticed_at: notice.noticedAt.toISOString(),
    effective_at: notice.effectiveAt.toISOString(),
  });
});

export const tellInForce = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const { kind, version } = await changeFacts(ctx, notice.aboutId);
  await publishWebhookEvent(ctx, "terms.in_force", {
    document: kind,
    version,
    effective_at: notice.effectiveAt.toISOString(),
  });
});

/** The change a page was about, while it does not hold yet. Under the lock of `lockAgreement`. */
async function pendingOne(ctx: OrganizationContext, documentId: Id<"document">): Promise<PendingChange> {
  const pending = (await pendingChanges(ctx)).find(({ id }) => id === documentId);
  if (pending) return pending;
  throw new AppError("conflict", "This change holds already, or was not announced to you. Open the page again.", {
    code: "change_not_pending",
  });
}

/** Agrees to an announced change before its date, for the organization. What ends the agreement first makes it void. */
export const agreeToChange = command({
  can: "terms.accept",
  within: "organization",
  input: agreeInput,
  run: async (ctx, { documentId, sha256 }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const agreement = await lockAgreement(ctx);
      const ending = agreement && (await openTermination(ctx, agreement));
      if (!agreement || ending)
        throw new AppError("conflict", endingWords(ending?.endsAt), { code: "agreement_ending" });
      const { version, ...change } = await pendingOne(ctx, documentId);
      if (change.sha256 !== sha256)
        throw new AppError("conflict", "The text changed while this page was open. Read it again.", {
          code: "terms_changed",
        });
      const { id: userId } = ctx.actor as { id: Id<"user"> };
      const kept = await ctx.db
        .insert(acceptances)
        .values({
          ...{
            organizationId: ctx.organizationId,
            id: newId("acceptance", ctx.now),
            userId,
            documentId,
            version,
            sha256,
          },
          ...{ binds: true, method: "click", ...ctx.origin, acceptedAt: ctx.now },
        })
        .onConflictDoNothing()
        .returning({ id: acceptances.id });
      if (kept.length === 0) return;
      await writeAudit(ctx, {
        action: "terms.accept",
        object: { type: "document", id: documentId },
        after: { kind: change.kind, version, sha256, method: "click", binds: true, effectiveAt: change.startsAt },
        clause: "T-7-SUB",
      });
    }),
});

const endingWords = (at: Date | undefined): string =>
  at
    ? `The agreement ends on ${instantWords(at)}, so there is nothing to agree to. Withdraw the notice first.`
    : "There is no agreement in force.";

/**
 * T-7-EXIT: ends the agreement because its change is not agreed to, at any instant until the change would hold, without
 * another period. The new version never binds the customer.
 */
export const disagree = command({
  can: "contract.terminate",
  within: "organization",
  input: disagreeInput,
  stepUp: "contract.terminate",
  run: async (ctx, { documentId, endsAt, words }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockAgreement(ctx);
      const { startsAt, publicationId } = await pendingOne(ctx, documentId);
      const at = endsAt ?? startsAt;
      if (at < ctx.now || at > startsAt)
        throw new AppError("invalid", "Check the marked fields.", {
          fields: { endsAt: [`Choose an instant from now until ${instantWords(startsAt)}.`] },
        });
      await beginEnding(ctx, {
        kind: "disagreement",
        endsAt: at,
        ...(publicationId && { publicationId }),
        ...(words && { words }),
      });
    }),
});

/** Which key used the service, or which person; a service key stands for no one. */
type By = { userId: Id<"user"> } | { keyId: Id<"key"> };

/** T-7-EXIT: the first use after a change holds is agreement to it, and is kept once. */
export const agreeByUse = command({
  can: "organization.read",
  within: "organization",
  run: async (ctx, by: By): Promise<void> => {
    for (const { documentId, version, sha256 } of await unagreedVersions(ctx)) {
      await transaction(ctx, async (ctx) => {
        const kept = await ctx.db
          .insert(acceptances)
          .values({
            ...{
              organizationId: ctx.organizationId,
              id: newId("acceptance", ctx.now),
              documentId,
              version,
              sha256,
              ...by,
            },
            ...{ binds: true, method: "implied_by_use", ...ctx.origin, acceptedAt: ctx.now },
          })
          .onConflictDoNothing()
          .returning({ id: acceptances.id });
        if (kept.length === 0) return;
        await writeAudit(ctx, {
          action: "terms.accept",
          object: { type: "document", id: documentId },
          after: { kind: "terms", version, sha256, method: "implied_by_use", binds: true },
          clause: "T-7-EXIT",
        });
      });
    }
  },
});
