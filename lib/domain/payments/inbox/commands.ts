import { and, eq, isNull } from "drizzle-orm";
import { paymentMethods, providerEvents } from "#db/schema/payments.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { log } from "#lib/core/log.ts";
import { lookUp } from "#lib/domain/payments/attempts/commands.ts";
import { paymentByRef } from "#lib/domain/payments/attempts/queries.ts";
import { noteChargeback } from "#lib/domain/payments/chargebacks/commands.ts";
import { detach } from "#lib/domain/payments/methods/commands.ts";
import { completePage } from "#lib/domain/payments/pages/commands.ts";
import { pageByRef } from "#lib/domain/payments/pages/queries.ts";
import { lookUpRefund } from "#lib/domain/payments/refunds/commands.ts";
import type { ProviderEvent, ProviderId } from "#lib/engine/payments/port.ts";
import { providerOf } from "#lib/engine/payments/providers.ts";
import { eventWork } from "./rules.ts";

/**
 * Keeps what a provider told, once, after its signature was checked; working it off is a job, so that the provider
 * has its answer at once. Without the database it is not acknowledged, and comes again.
 */
export const receiveEvent = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, provider: ProviderId, raw: Buffer, signature: string | undefined): Promise<void> => {
    const { id: eventId, type, livemode, subject } = providerOf(provider).verifyEvent(raw, signature, ctx.now);
    await transaction(ctx, async (ctx) => {
      const [kept] = await ctx.db
        .insert(providerEvents)
        .values({
          provider,
          eventId,
          type,
          livemode,
          subject,
          receivedAt: ctx.now,
          processedAt: subject ? null : ctx.now,
        })
        .onConflictDoNothing()
        .returning({ eventId: providerEvents.eventId });
      if (kept && subject) await enqueue(ctx, eventWork, { provider, eventId }, { key: `${provider}:${eventId}` });
    });
  },
});

/** Acts on one event: what it is about is asked of the provider again, so late, lost and doubled ones cannot matter. */
export const workOffEvent = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, provider: ProviderId, eventId: string): Promise<void> => {
    const its = and(eq(providerEvents.provider, provider), eq(providerEvents.eventId, eventId));
    const [event] = await ctx.db.select().from(providerEvents).where(its);
    if (!event || event.processedAt) return;
    const problem = await act(ctx, provider, event.subject as ProviderEvent["subject"]);
    if (problem) log("payments.event-ignored", { event: eventId, type: event.type, problem });
    await ctx.db.update(providerEvents).set({ processedAt: ctx.now, error: problem }).where(its);
  },
});

/** Null, or why nothing was done. */
async function act(
  ctx: AccountContext,
  provider: ProviderId,
  subject: ProviderEvent["subject"],
): Promise<string | null> {
  switch (subject?.kind) {
    case "payment": {
      const found = await paymentByRef(ctx, provider, subject);
      if (!found) return "no payment of ours";
      await lookUp(inOrganization(ctx, found.organizationId), found.id);
      return null;
    }
    case "page": {
      const page = await pageByRef(ctx, provider, subject.ref);
      if (!page) return "no page of ours";
      await completePage(inOrganization(ctx, page.organizationId), page.id);
      return null;
    }
    case "method":
      return forgetMethod(ctx, provider, subject.ref);
    case "refund":
      return (await lookUpRefund(ctx, subject.refundId, subject.ref)) ? null : "no refund of ours";
    case "chargeback":
      return (await noteChargeback(ctx, provider, subject.ref)) ? null : "no payment of ours";
    default:
      return null;
  }
}

/** A method that was removed at the provider is removed here too. */
async function forgetMethod(ctx: AccountContext, provider: ProviderId, ref: string): Promise<string | null> {
  const [known] = await ctx.db
    .select()
    .from(paymentMethods)
    .where(and(eq(paymentMethods.provider, provider), eq(paymentMethods.ref, ref), isNull(paymentMethods.detachedAt)));
  if (!known) return "no method of ours";
  if (await providerOf(provider).method(ref)) return null;
  await detach(inOrganization(ctx, known.organizationId), known.id);
  return null;
}
