import { randomBytes } from "node:crypto";
import { and, count, eq, gt, isNotNull, isNull, or } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { webhookDeliveries, webhookEndpoints, webhookEvents } from "#db/schema/integrations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import { seal } from "#lib/core/secrets.ts";
import { lineOf, webhookDelivery } from "#lib/core/webhooks/delivery-job.ts";
import { endpointsMax, overlapHours, secretText, testType } from "#lib/core/webhooks/events.ts";
import { changeWebhookInput, createWebhookInput, replayInput, switchWebhookInput, webhookInput } from "./input.ts";
import type { NewSecret } from "./view.ts";

type Endpoint = typeof webhookEndpoints.$inferSelect;
type EndpointId = Id<"webhookEndpoint">;

const secretBytes = 32;

/** Tests and replays of an organization in a minute. */
const byHandMax = 10;

const sealed = (ctx: OrganizationContext, id: EndpointId, secret: Buffer): Buffer =>
  seal(secret, `webhook:${ctx.organizationId}:${id}`);

/** An address that leads nowhere, or inside, is refused where it is typed; each delivery looks again. */
async function refuseUnreachable(url: string): Promise<void> {
  try {
    await outgoing().check(url);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError("invalid", "Check the marked fields.", { code: error.code, fields: { url: [error.message] } });
  }
}

/** The path of an address can be a secret of its own, so the audit log names only where it leads. */
const audited = ({ url, description, eventTypes }: Pick<Endpoint, "url" | "description" | "eventTypes">) => ({
  origin: new URL(url).origin,
  description,
  eventTypes,
});

/** T-4.2.1-TPS1: a place of the customer's that is told of events; the secret that signs them is shown once. */
export const createWebhook = command({
  can: "webhooks.write",
  within: "organization",
  input: createWebhookInput,
  run: async (ctx, input): Promise<NewSecret> => {
    await refuseUnreachable(input.url);
    return transaction(ctx, async (ctx) => {
      const open = and(eq(webhookEndpoints.organizationId, ctx.organizationId), isNull(webhookEndpoints.deletedAt));
      if ((await ctx.db.$count(webhookEndpoints, open)) >= endpointsMax) {
        throw new AppError("conflict", `An organization has at most ${endpointsMax} webhooks. Delete one first.`);
      }
      const id = newId("webhookEndpoint", ctx.now);
      const secret = randomBytes(secretBytes);
      await ctx.db.insert(webhookEndpoints).values({
        organizationId: ctx.organizationId,
        id,
        ...input,
        enabled: true,
        secret: sealed(ctx, id, secret),
        createdBy: personOf(ctx.actor).id,
        createdAt: ctx.now,
      });
      await writeAudit(ctx, { action: "webhook.create", object: { type: "webhook", id }, after: audited(input) });
      return { id, secret: secretText(secret) };
    });
  },
});

async function changeable(ctx: OrganizationContext, id: EndpointId): Promise<Endpoint> {
  const [endpoint] = await ctx.db
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.organizationId, ctx.organizationId),
        eq(webhookEndpoints.id, id),
        isNull(webhookEndpoints.deletedAt),
      ),
    )
    .for("update");
  if (!endpoint) throw new AppError("not_found", "There is no such webhook.");
  return endpoint;
}

type Change = Partial<Endpoint>;

const put = (ctx: OrganizationContext, id: EndpointId, change: Change) =>
  ctx.db
    .update(webhookEndpoints)
    .set(change)
    .where(and(eq(webhookEndpoints.organizationId, ctx.organizationId), eq(webhookEndpoints.id, id)));

export const changeWebhook = command({
  can: "webhooks.write",
  within: "organization",
  input: changeWebhookInput,
  run: async (ctx, { id, ...input }): Promise<void> => {
    await refuseUnreachable(input.url);
    await transaction(ctx, async (ctx) => {
      const before = await changeable(ctx, id);
      await put(ctx, id, { ...input, failingSince: before.url === input.url ? before.failingSince : null });
      await writeAudit(ctx, {
        action: "webhook.change",
        object: { type: "webhook", id },
        before: audited(before),
        after: audited(input),
      });
    });
  },
});

/** Switched on again, an endpoint has its five days anew. */
export const switchWebhook = command({
  can: "webhooks.write",
  within: "organization",
  input: switchWebhookInput,
  run: async (ctx, { id, enabled }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const before = await changeable(ctx, id);
      await put(ctx, id, { enabled, disabledReason: null, failingSince: null });
      await writeAudit(ctx, {
        action: "webhook.switch",
        object: { type: "webhook", id },
        before: { enabled: before.enabled },
        after: { enabled },
      });
    });
  },
});

/** Makes a new secret; the old one signs beside it for a day, so that receivers can change over. */
export const rotateWebhookSecret = command({
  can: "webhooks.write",
  within: "organization",
  input: webhookInput,
  run: async (ctx, { id }): Promise<NewSecret> => {
    return transaction(ctx, async (ctx) => {
      const before = await changeable(ctx, id);
      const secret = randomBytes(secretBytes);
      const previousSecretUntil = addMinutes(ctx.now, overlapHours * 60);
      await put(ctx, id, { secret: sealed(ctx, id, secret), previousSecret: before.secret, previousSecretUntil });
      await writeAudit(ctx, {
        action: "webhook.rotate-secret",
        object: { type: "webhook", id },
        after: { oldSecretSignsUntil: previousSecretUntil },
      });
      return { id, secret: secretText(secret) };
    });
  },
});

/** Forgets an endpoint and its secrets; what was delivered stays until it is purged. */
export const deleteWebhook = command({
  can: "webhooks.write",
  within: "organization",
  input: webhookInput,
  run: async (ctx, { id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const before = await changeable(ctx, id);
      const forgotten = { secret: Buffer.alloc(0), previousSecret: null, previousSecretUntil: null };
      await put(ctx, id, { ...forgotten, enabled: false, deletedAt: ctx.now });
      await writeAudit(ctx, { action: "webhook.delete", object: { type: "webhook", id }, before: audited(before) });
    });
  },
});

type Queued = { endpointId: EndpointId; eventId: Id<"webhookEvent">; replayOf?: Id<"webhookDelivery"> };

async function queue(ctx: OrganizationContext, about: Queued): Promise<Id<"webhookDelivery">> {
  const { organizationId } = ctx;
  const id = newId("webhookDelivery", ctx.now);
  const delivery = { organizationId, id, ...about, state: "waiting", createdAt: ctx.now, nextAt: ctx.now } as const;
  await ctx.db.insert(webhookDeliveries).values(delivery);
  const line = lineOf({ organizationId, endpointId: about.endpointId, deliveryId: id });
  await enqueue(ctx, webhookDelivery, { organizationId, deliveryId: id }, { key: id, line });
  return id;
}

const refuseOff = ({ enabled }: Endpoint): void => {
  if (!enabled) throw new AppError("conflict", "This webhook is switched off. Switch it on first.");
};

/** What people send by hand is counted for the organization: it waits in line with what happens by itself. */
async function refuseTooMany(ctx: OrganizationContext): Promise<void> {
  const since = addMinutes(ctx.now, -1);
  const byHand = and(
    eq(webhookDeliveries.organizationId, ctx.organizationId),
    gt(webhookDeliveries.createdAt, since),
    or(isNotNull(webhookDeliveries.replayOf), eq(webhookEvents.type, testType)),
  );
  const sameEvent = and(
    eq(webhookEvents.organizationId, webhookDeliveries.organizationId),
    eq(webhookEvents.id, webhookDeliveries.eventId),
  );
  const [sent] = await ctx.db
    .select({ count: count() })
    .from(webhookDeliveries)
    .innerJoin(webhookEvents, sameEvent)
    .where(byHand);
  if ((sent?.count ?? 0) < byHandMax) return;
  throw new AppError("rate_limited", `At most ${byHandMax} tests and replays a minute. Wait a minute and try again.`, {
    retryAfter: 60,
  });
}

/** Sends an event that means nothing, to see whether the receiver works. */
export const testWebhook = command({
  can: "webhooks.write",
  within: "organization",
  input: webhookInput,
  run: async (ctx, { id }): Promise<Id<"webhookDelivery">> => {
    await refuseTooMany(ctx);
    return transaction(ctx, async (ctx) => {
      refuseOff(await changeable(ctx, id));
      const eventId = newId("webhookEvent", ctx.now);
      const data = { message: "It works.", webhook_id: id };
      const { organizationId, now: at } = ctx;
      await ctx.db.insert(webhookEvents).values({ organizationId, id: eventId, type: testType, data, at });
      return queue(ctx, { endpointId: id, eventId });
    });
  },
});

/** Sends what was sent once more, under the same event id, so that a receiver that has it knows it. */
export const replayDelivery = command({
  can: "webhooks.write",
  within: "organization",
  input: replayInput,
  run: async (ctx, { delivery }): Promise<Id<"webhookDelivery">> => {
    await refuseTooMany(ctx);
    return transaction(ctx, async (ctx) => {
      const { organizationId, id, endpointId, eventId } = webhookDeliveries;
      const [old] = await ctx.db
        .select({ endpointId, eventId })
        .from(webhookDeliveries)
        .where(and(eq(organizationId, ctx.organizationId), eq(id, delivery)));
      if (!old) throw new AppError("not_found", "There is no such delivery.");
      refuseOff(await changeable(ctx, old.endpointId));
      const again = await queue(ctx, { ...old, replayOf: delivery });
      await writeAudit(ctx, {
        action: "webhook.replay",
        object: { type: "webhook", id: old.endpointId },
        after: { event: old.eventId, delivery: again },
      });
      return again;
    });
  },
});
