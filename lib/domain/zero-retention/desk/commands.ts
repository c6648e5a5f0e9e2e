import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { members } from "#db/schema/organizations.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { lockedRequest, move, type Request } from "#lib/domain/zero-retention/changes/commands.ts";
import { sealedReason, withMessage } from "#lib/domain/zero-retention/changes/rules.ts";
import { askInput, decideInput, deskInput, revokeInput } from "#lib/domain/zero-retention/input.ts";
import { refuseLeaving } from "#lib/domain/zero-retention/plan/commands.ts";
import { approvalBy, isAtOnce, noticeDays, reviewProblem } from "#lib/domain/zero-retention/rules.ts";

/** Acts on a customer's request in one transaction, by a person who may judge it and has a reason to look at the customer. */
function onRequest(
  ctx: AccountContext,
  id: Id<"zeroRetention">,
  work: (customer: OrganizationContext, request: Request) => Promise<void>,
): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const [place] = await ctx.db
      .select({ organizationId: zeroRetentionRequests.organizationId })
      .from(zeroRetentionRequests)
      .where(eq(zeroRetentionRequests.id, id));
    if (!place) throw new AppError("not_found", "There is no such request.");
    await requireLook(ctx, place.organizationId);
    const customer = inOrganization(ctx, place.organizationId);
    const request = await lockedRequest(customer, id);
    const its = and(eq(members.organizationId, place.organizationId), eq(members.userId, ctx.actor.id as Id<"user">));
    const isMember = (await ctx.db.$count(members, its)) > 0;
    const problem = reviewProblem({ requesterId: request.userId }, { id: ctx.actor.id, isMember });
    if (problem) throw new AppError("forbidden", problem, { code: "own_request" });
    await work(customer, request);
  });
}

/** T-4.2.2.2-ZDR2: takes a request into review, or over from another person. */
export const claimZeroRetention = command({
  can: "zero-retention.decide",
  within: "account",
  input: deskInput,
  run: (ctx, { id }): Promise<void> =>
    onRequest(ctx, id, (customer, request) => move(customer, request, "claim", { claimedBy: ctx.actor.id })),
});

/** Asks the customer back; while they have the word, our aim does not run. */
export const askAboutZeroRetention = command({
  can: "zero-retention.decide",
  within: "account",
  input: askInput,
  run: (ctx, { id, question }): Promise<void> =>
    onRequest(ctx, id, (customer, request) => {
      const words = withMessage(request, { from: "staff", name: ctx.actor.name, text: question }, ctx.now);
      return move(customer, request, "ask", { askedAt: ctx.now, words });
    }),
});

/**
 * T-4.2.2.2-ZDR3: grants it, or signs as the first of two. With the last signature nothing of the scope is stored any more;
 * the rest is done in the background.
 */
export const approveZeroRetention = command({
  can: "zero-retention.decide",
  within: "account",
  input: decideInput,
  stepUp: "zero-retention.decide",
  run: (ctx, { id, reason }): Promise<void> =>
    onRequest(ctx, id, async (customer, request) => {
      const needed = env().ZDR_APPROVERS;
      const act = approvalBy(request, ctx.actor.id, needed);
      if (!act) throw new AppError("conflict", "You approved it already; another person has to.");
      await refuseLeaving(customer);
      if (act === "sign") {
        await move(customer, request, act, { firstApprover: ctx.actor.id });
        return;
      }
      const decided = { decidedBy: ctx.actor.id, decidedAt: ctx.now, decidedReason: sealedReason(request, reason) };
      await move(customer, request, act, { approver: ctx.actor.id, approversNeeded: needed, ...decided });
    }),
});

/** T-4.2.2.2-ZDR3: says no, with a reason the customer reads; they may ask again at once. */
export const denyZeroRetention = command({
  can: "zero-retention.decide",
  within: "account",
  input: decideInput,
  stepUp: "zero-retention.decide",
  run: (ctx, { id, reason }): Promise<void> =>
    onRequest(ctx, id, (customer, request) =>
      move(customer, request, "deny", {
        askedAt: null,
        decidedBy: ctx.actor.id,
        decidedAt: ctx.now,
        decidedReason: sealedReason(request, reason),
      }),
    ),
});

/** Ends it from our side: with a notice of thirty days, and at once for abuse or for the law alone. */
export const revokeZeroRetention = command({
  can: "zero-retention.decide",
  within: "account",
  input: revokeInput,
  stepUp: "zero-retention.decide",
  run: (ctx, { id, reason, code }): Promise<void> =>
    onRequest(ctx, id, (customer, request) => {
      const said = {
        decidedReason: sealedReason(request, reason),
        decidedBy: ctx.actor.id,
        decidedAt: ctx.now,
        endReason: code,
      };
      return isAtOnce(code)
        ? move(customer, request, "revoke", { ...said, endedAt: ctx.now, endsAt: null }, { reason: code })
        : move(customer, request, "giveNotice", { ...said, endsAt: addDays(ctx.now, noticeDays) }, { reason: code });
    }),
});
