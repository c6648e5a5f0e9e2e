import { and, eq, inArray } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { beginClock, lockedRequest, move, tell } from "./changes/commands.ts";
import { sealedWords, withMessage } from "./changes/rules.ts";
import { answerInput, endInput, requestInput, withdrawInput } from "./input.ts";
import { type EndReason, isInForce } from "./rules.ts";

/** T-4.2.2.2-ZDR1: asks the provider to keep nothing. */
export const requestZeroRetention = command({
  can: "zero-retention.request",
  within: "organization",
  input: requestInput,
  stepUp: "zero-retention.request",
  run: async (ctx, input): Promise<Id<"zeroRetention">> => {
    const { id: userId } = personOf(ctx.actor);
    const { organizationId } = ctx;
    const named = { organizationId, id: newId("zeroRetention", ctx.now) };
    const isWorkspace = input.scope !== "organization" && input.scope !== "on_request";
    const place = isWorkspace
      ? { scope: "workspace" as const, workspaceId: input.scope as Id<"workspace"> }
      : { scope: input.scope as "organization" | "on_request", workspaceId: null };
    await refuseFree(ctx);
    if (place.workspaceId) await refuseElsewhere(ctx, place.workspaceId);
    const { reason, dataClasses, keepClasses, words } = input;
    const row = {
      ...named,
      ...place,
      reason,
      dataClasses,
      keepClasses,
      attestedAt: ctx.now,
      words: sealedWords(named, { words, messages: [] }),
      state: "submitted" as const,
      userId,
      createdAt: ctx.now,
    };
    await once(() =>
      transaction(ctx, async (ctx) => {
        const [request] = await ctx.db.insert(zeroRetentionRequests).values(row).returning();
        if (!request) return;
        const { workspaceId: workspace, scope } = place;
        await writeAudit(ctx, {
          action: "zero-retention.request",
          object: { type: "zeroRetention", id: named.id },
          after: { scope, reason, dataClasses, keepClasses, ...(workspace && { workspace }) },
          clause: "T-4.2.2.2-ZDR1",
        });
        await tell(ctx, request);
        await beginClock(ctx, request);
      }),
    );
    return named.id;
  },
});

async function refuseFree(ctx: OrganizationContext): Promise<void> {
  if ((await currentPlan(ctx)) !== "free") return;
  const message = "Zero retention is part of the paid plan. Upgrade first, under Billing.";
  throw new AppError("conflict", message, { code: "zero_retention_needs_paid_plan" });
}

async function refuseElsewhere(ctx: OrganizationContext, id: Id<"workspace">): Promise<void> {
  const its = and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, id));
  if ((await ctx.db.$count(workspaces, its)) === 0)
    throw new AppError("not_found", "There is no such workspace in this organization.");
}

async function once<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (sqlstateOf(error) !== sqlstate.uniqueViolation) throw error;
    const message = "There is a request for this already. Withdraw it or end what it granted first.";
    throw new AppError("conflict", message, { code: "zero_retention_requested" });
  }
}

/** Takes a request back before it is active; what was granted already ends with it, at once. */
export const withdrawZeroRetention = command({
  can: "zero-retention.request",
  within: "organization",
  input: withdrawInput,
  run: (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const request = await lockedRequest(ctx, id);
      await move(ctx, request, "withdraw", { endedAt: ctx.now, askedAt: null });
    }),
});

/** Answers what staff asked; the request is with them again. */
export const answerZeroRetention = command({
  can: "zero-retention.request",
  within: "organization",
  input: answerInput,
  run: (ctx, { id, answer }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const request = await lockedRequest(ctx, id);
      const waited = request.askedAt ? ctx.now.getTime() - request.askedAt.getTime() : 0;
      const words = withMessage(request, { from: "customer", name: ctx.actor.name, text: answer }, ctx.now);
      await move(ctx, request, "answer", { askedAt: null, waitedMs: request.waitedMs + waited, words });
    }),
});

/** T-4.2.2.2-ZDR5: the customer ends it at once; from the next request on thirty days are kept. */
export const endZeroRetention = command({
  can: "zero-retention.request",
  within: "organization",
  input: endInput,
  stepUp: "zero-retention.end",
  run: (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const request = await lockedRequest(ctx, id);
      if (!isInForce(request.state)) throw new AppError("conflict", "This zero retention is not in force.");
      await move(ctx, request, "end", { endedAt: ctx.now, endReason: "customer" }, { reason: "customer" });
    }),
});

/** Ends whatever is asked for or granted, where the plan or the contract it is part of ends. */
export const endAll = part(async (ctx: OrganizationContext, reason: EndReason): Promise<void> => {
  const found = await ctx.db
    .select({ id: zeroRetentionRequests.id })
    .from(zeroRetentionRequests)
    .where(
      and(
        eq(zeroRetentionRequests.organizationId, ctx.organizationId),
        inArray(zeroRetentionRequests.state, [
          "submitted",
          "in_review",
          "asked",
          "approved",
          "implementing",
          "active",
          "ending",
        ]),
      ),
    );
  for (const { id } of found) {
    const request = await lockedRequest(ctx, id);
    await move(ctx, request, "end", { endedAt: ctx.now, endReason: reason, askedAt: null }, { reason });
  }
});
