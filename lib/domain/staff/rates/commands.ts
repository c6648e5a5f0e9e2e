import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { organizations } from "#db/schema/organizations.ts";
import { rateRequests } from "#db/schema/rates.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { meetDeadline } from "#lib/domain/deadlines/commands.ts";
import { endOverride, setOverride } from "#lib/domain/rates/commands.ts";
import { denyInput, endOverrideInput, grantInput, valuesOf } from "#lib/domain/rates/input.ts";
import { ratesDeniedLetter, ratesGrantedLetter } from "#lib/domain/rates/letters.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";

type Decided = typeof rateRequests.$inferSelect;

/** T-4.2.1-RL: gives what was asked for, or what staff think right, and says so by letter. */
export const grantRequest = command({
  can: "rates.decide",
  within: "account",
  input: grantInput,
  run: async (ctx, input): Promise<void> => {
    const { id, reason, expires, ...values } = input;
    await transaction(ctx, async (ctx) => {
      const request = await decide(ctx, id, "granted", reason);
      await requireLook(ctx, request.organizationId);
      const customer = inOrganization(ctx, request.organizationId);
      const { model } = request;
      const override = { ...values, model, workspaceId: null, reason, purchaseOrder: null, expires };
      const overrideId = await setOverride(customer, override);
      await writeAudit(customer, {
        action: "rates.grant",
        object: { type: "rateRequest", id },
        after: { override: overrideId, ...input },
        clause: "T-4.2.1-RL",
      });
      await publishWebhookEvent(customer, "rate_request.decided", told(request, "granted", reason));
      const granted = { model, values: valuesOf(values), reason, expires };
      await post(ctx, ratesGrantedLetter(await addresseeOf(customer, request), granted));
    });
  },
});

/** T-4.2.1-RL: says no, and why, by letter. */
export const denyRequest = command({
  can: "rates.decide",
  within: "account",
  input: denyInput,
  run: async (ctx, { id, reason }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const request = await decide(ctx, id, "denied", reason);
      await requireLook(ctx, request.organizationId);
      const customer = inOrganization(ctx, request.organizationId);
      await writeAudit(customer, {
        action: "rates.deny",
        object: { type: "rateRequest", id },
        after: { reason },
        clause: "T-4.2.1-RL",
      });
      await publishWebhookEvent(customer, "rate_request.decided", told(request, "denied", reason));
      await post(ctx, ratesDeniedLetter(await addresseeOf(customer, request), { reason }));
    });
  },
});

const told = ({ id, model }: Decided, decision: "granted" | "denied", answer: string) => ({
  request_id: id,
  decision,
  model,
  answer,
});

/** Ends an override from the desk, where the organization is part of what was clicked. */
export const endOverrideOf = command({
  can: "rates.decide",
  within: "account",
  input: endOverrideInput,
  run: async (ctx, { organizationId, id }): Promise<void> => {
    await endOverride(inOrganization(ctx, organizationId), id);
  },
});

/** Of two who decide at once, the second is told. */
async function decide(
  ctx: AccountContext,
  id: Id<"rateRequest">,
  state: "granted" | "denied",
  answer: string,
): Promise<Decided> {
  const [decided] = await ctx.db
    .update(rateRequests)
    .set({ state, answer, decidedBy: ctx.actor.id, decidedAt: ctx.now })
    .where(and(eq(rateRequests.id, id), eq(rateRequests.state, "submitted")))
    .returning();
  if (!decided) throw new AppError("conflict", "This request was answered or withdrawn already.");
  await meetDeadline(inOrganization(ctx, decided.organizationId), "rate.request", id);
  return decided;
}

async function addresseeOf(ctx: OrganizationContext, { userId, workspaceId }: Decided) {
  const [to] = await ctx.db.select({ email: users.email, name: users.name }).from(users).where(eq(users.id, userId));
  const [organization] = await ctx.db
    .select({ name: organizations.name })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (!to || !organization) throw new AppError("not_found", "Whoever asked is gone.");
  return { to, organizationId: ctx.organizationId, organizationName: organization.name, workspaceId };
}
