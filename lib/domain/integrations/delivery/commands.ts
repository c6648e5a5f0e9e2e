import { and, eq, lt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { webhookAttempts, webhookDeliveries, webhookEndpoints, webhookEvents } from "#db/schema/integrations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, stopwatch, timestamp } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import { open } from "#lib/core/secrets.ts";
import {
  attemptsMax,
  bodyOf,
  failureWords,
  isGivenUp,
  isTaken,
  signatureOf,
  waitAfter,
} from "#lib/core/webhooks/events.ts";
import { webhookDisabledLetter } from "#lib/domain/integrations/letters.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";

const keptDays = 90;

type Delivery = typeof webhookDeliveries.$inferSelect;
type Endpoint = typeof webhookEndpoints.$inferSelect;
type Event = typeof webhookEvents.$inferSelect;
type Tried = Pick<typeof webhookAttempts.$inferSelect, "status" | "answer" | "error" | "ms">;
type TryAgain = (ctx: OrganizationContext, endpoint: Id<"webhookEndpoint">, runAt: Date) => Promise<void>;

/** Sends a delivery once and keeps what became of it, in one transaction with what follows from it. */
export const attemptDelivery = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: Id<"webhookDelivery">, tryAgain: TryAgain): Promise<void> => {
    const found = await waiting(ctx, id);
    if (!found) return;
    const { delivery, endpoint, event } = found;
    if (!endpoint.enabled || endpoint.deletedAt) return end(ctx, delivery, "failed");
    const tried = await send(ctx, endpoint, event);
    await transaction(ctx, async (ctx) => {
      const number = delivery.attempts + 1;
      const attempt = { organizationId: ctx.organizationId, deliveryId: id, number, at: ctx.now, ...tried };
      const kept = await ctx.db.insert(webhookAttempts).values(attempt).onConflictDoNothing().returning();
      // Another worker has tried it at the same time, because this one seemed to be gone.
      if (kept.length === 0) return;
      if (isTaken(tried.status)) return arrived(ctx, { ...delivery, attempts: number });
      await failed(ctx, { ...delivery, attempts: number }, endpoint, tryAgain);
    });
  },
});

async function waiting(ctx: OrganizationContext, id: Id<"webhookDelivery">) {
  const [found] = await ctx.db
    .select({ delivery: webhookDeliveries, endpoint: webhookEndpoints, event: webhookEvents })
    .from(webhookDeliveries)
    .innerJoin(
      webhookEndpoints,
      and(
        eq(webhookEndpoints.organizationId, webhookDeliveries.organizationId),
        eq(webhookEndpoints.id, webhookDeliveries.endpointId),
      ),
    )
    .innerJoin(
      webhookEvents,
      and(
        eq(webhookEvents.organizationId, webhookDeliveries.organizationId),
        eq(webhookEvents.id, webhookDeliveries.eventId),
      ),
    )
    .where(
      and(
        eq(webhookDeliveries.organizationId, ctx.organizationId),
        eq(webhookDeliveries.id, id),
        eq(webhookDeliveries.state, "waiting"),
      ),
    );
  return found;
}

async function send(ctx: OrganizationContext, endpoint: Endpoint, event: Event): Promise<Tried> {
  const body = bodyOf(event);
  const seconds = Math.floor(timestamp() / 1000);
  const began = stopwatch();
  try {
    const { status, text, ms } = await outgoing().post(endpoint.url, body, {
      "content-type": "application/json",
      "user-agent": "comptoir-webhooks/1",
      "webhook-id": event.id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": signatureOf(secretsOf(endpoint, ctx.now), event.id, seconds, body),
    });
    return { status, answer: text, error: null, ms };
  } catch (error) {
    return { status: null, answer: "", error: failureWords(error), ms: Math.round(stopwatch() - began) };
  }
}

/** The secrets that sign now: the one in force and, for a while after a rotation, the one before. */
function secretsOf({ organizationId, id, secret, previousSecret, previousSecretUntil }: Endpoint, now: Date): Buffer[] {
  const label = `webhook:${organizationId}:${id}`;
  const isOld = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  return [open(secret, label), ...(isOld ? [open(previousSecret, label)] : [])];
}

const thisDelivery = ({ organizationId, id }: Delivery) =>
  and(eq(webhookDeliveries.organizationId, organizationId), eq(webhookDeliveries.id, id));

async function end(ctx: OrganizationContext, delivery: Delivery, state: "delivered" | "failed"): Promise<void> {
  const ended = { state, attempts: delivery.attempts, nextAt: null, endedAt: ctx.now };
  await ctx.db.update(webhookDeliveries).set(ended).where(thisDelivery(delivery));
}

const endpointOf = ({ organizationId, endpointId }: Delivery) =>
  and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.id, endpointId));

async function arrived(ctx: OrganizationContext, delivery: Delivery): Promise<void> {
  await end(ctx, delivery, "delivered");
  await ctx.db.update(webhookEndpoints).set({ failingSince: null }).where(endpointOf(delivery));
}

async function failed(
  ctx: OrganizationContext,
  delivery: Delivery,
  endpoint: Endpoint,
  tryAgain: TryAgain,
): Promise<void> {
  const failingSince = endpoint.failingSince ?? ctx.now;
  if (isGivenUp(failingSince, ctx.now)) {
    await end(ctx, delivery, "failed");
    return switchOff(ctx, endpoint, failingSince);
  }
  await ctx.db.update(webhookEndpoints).set({ failingSince }).where(endpointOf(delivery));
  if (delivery.attempts >= attemptsMax) return end(ctx, delivery, "failed");
  const nextAt = new Date(ctx.now.getTime() + waitAfter(delivery.attempts, Math.random()));
  await ctx.db.update(webhookDeliveries).set({ attempts: delivery.attempts, nextAt }).where(thisDelivery(delivery));
  await tryAgain(ctx, endpoint.id, nextAt);
}

/** Of several deliveries that give up at once, the first switches the endpoint off and writes about it. */
async function switchOff(ctx: OrganizationContext, { id, url }: Endpoint, failingSince: Date): Promise<void> {
  const reason = "Nothing arrived there for five days.";
  const [off] = await ctx.db
    .update(webhookEndpoints)
    .set({ enabled: false, disabledReason: reason, failingSince })
    .where(
      and(
        eq(webhookEndpoints.organizationId, ctx.organizationId),
        eq(webhookEndpoints.id, id),
        eq(webhookEndpoints.enabled, true),
      ),
    )
    .returning({ id: webhookEndpoints.id });
  if (!off) return;
  await writeAudit(ctx, {
    action: "webhook.give-up",
    object: { type: "webhook", id },
    after: { enabled: false, reason },
  });
  await notifyOrganization(ctx, (to) => webhookDisabledLetter(to, { url, failingSince, now: ctx.now }));
}

export const purgeWebhookEvents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(webhookEvents).where(lt(webhookEvents.at, addDays(ctx.now, -keptDays)));
  },
});
