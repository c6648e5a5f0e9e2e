import { and, asc, desc, eq, isNull, lt } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { webhookAttempts, webhookDeliveries, webhookEndpoints, webhookEvents } from "#db/schema/integrations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { DeliveriesInput } from "./input.ts";
import type { AttemptView, DeliveryView, WebhookView } from "./view.ts";

const pageLength = 50;

// Never the secrets: what is not selected cannot leak.
const shown = {
  id: webhookEndpoints.id,
  url: webhookEndpoints.url,
  description: webhookEndpoints.description,
  eventTypes: webhookEndpoints.eventTypes,
  enabled: webhookEndpoints.enabled,
  disabledReason: webhookEndpoints.disabledReason,
  failingSince: webhookEndpoints.failingSince,
  previousSecretUntil: webhookEndpoints.previousSecretUntil,
  createdAt: webhookEndpoints.createdAt,
};

const select = (ctx: OrganizationContext) => ctx.db.select(shown).from(webhookEndpoints).$dynamic();
const mine = (ctx: OrganizationContext) =>
  and(eq(webhookEndpoints.organizationId, ctx.organizationId), isNull(webhookEndpoints.deletedAt));

export async function webhooks(ctx: OrganizationContext): Promise<WebhookView[]> {
  authorize(ctx.actor, "webhooks.read");
  return select(ctx).where(mine(ctx)).orderBy(asc(webhookEndpoints.id));
}

export async function webhook(ctx: OrganizationContext, id: string): Promise<WebhookView> {
  authorize(ctx.actor, "webhooks.read");
  const [found] = isId("webhookEndpoint", id)
    ? await select(ctx).where(and(mine(ctx), eq(webhookEndpoints.id, id)))
    : [];
  if (!found) throw new AppError("not_found", "There is no such webhook.");
  return found;
}

const delivered = {
  id: webhookDeliveries.id,
  endpointId: webhookDeliveries.endpointId,
  eventId: webhookDeliveries.eventId,
  replayOf: webhookDeliveries.replayOf,
  state: webhookDeliveries.state,
  attempts: webhookDeliveries.attempts,
  createdAt: webhookDeliveries.createdAt,
  nextAt: webhookDeliveries.nextAt,
  endedAt: webhookDeliveries.endedAt,
  type: webhookEvents.type,
  at: webhookEvents.at,
  data: webhookEvents.data,
};

const selectDeliveries = (ctx: OrganizationContext) =>
  ctx.db
    .select(delivered)
    .from(webhookDeliveries)
    .innerJoin(
      webhookEvents,
      and(
        eq(webhookEvents.organizationId, webhookDeliveries.organizationId),
        eq(webhookEvents.id, webhookDeliveries.eventId),
      ),
    )
    .$dynamic();
const ours = (ctx: OrganizationContext, endpoint: Id<"webhookEndpoint">) =>
  and(eq(webhookDeliveries.organizationId, ctx.organizationId), eq(webhookDeliveries.endpointId, endpoint));

export type DeliveryPage = { rows: DeliveryView[]; next: Id<"webhookDelivery"> | undefined };

/** What was sent to an endpoint, or is to be, newest first. */
export async function deliveriesOf(
  ctx: OrganizationContext,
  endpoint: Id<"webhookEndpoint">,
  { state, before }: DeliveriesInput,
): Promise<DeliveryPage> {
  authorize(ctx.actor, "webhooks.read");
  const found = await selectDeliveries(ctx)
    .where(
      and(
        ours(ctx, endpoint),
        state === "all" ? undefined : eq(webhookDeliveries.state, state),
        before && lt(webhookDeliveries.id, before),
      ),
    )
    .orderBy(desc(webhookDeliveries.id))
    .limit(pageLength + 1);
  const rows = found.slice(0, pageLength);
  return { rows, next: found.length > pageLength ? rows.at(-1)?.id : undefined };
}

/** One delivery with what was sent and every attempt. */
export async function delivery(
  ctx: OrganizationContext,
  endpoint: Id<"webhookEndpoint">,
  id: string,
): Promise<DeliveryView & { tries: AttemptView[] }> {
  authorize(ctx.actor, "webhooks.read");
  const [found] = isId("webhookDelivery", id)
    ? await selectDeliveries(ctx).where(and(ours(ctx, endpoint), eq(webhookDeliveries.id, id)))
    : [];
  if (!found) throw new AppError("not_found", "There is no such delivery.");
  const { number, at, ms, status, answer, error } = webhookAttempts;
  const tries = await ctx.db
    .select({ number, at, ms, status, answer, error })
    .from(webhookAttempts)
    .where(and(eq(webhookAttempts.organizationId, ctx.organizationId), eq(webhookAttempts.deliveryId, found.id)))
    .orderBy(asc(number));
  return { ...found, tries };
}
