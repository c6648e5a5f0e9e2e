import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { type EventType, eventTypes } from "#lib/core/webhooks/events.ts";

const id = idField("webhookEndpoint", "This is not the id of a webhook.");
const deliveryId = idField("webhookDelivery", "This is not the id of a delivery.");

const types = Object.keys(eventTypes) as [EventType, ...EventType[]];

const fields = {
  url: z.string().trim().min(1, "Enter an address.").max(2000, "At most 2,000 characters."),
  description: z.string().trim().max(200, "At most 200 characters."),
  eventTypes: z.preprocess(
    (given) => (given === undefined || given === "" ? [] : Array.isArray(given) ? given : [given]),
    z.array(z.enum(types)).min(1, "Choose at least one event."),
  ),
};

export const createWebhookInput = z.object(fields);
export const changeWebhookInput = z.object({ id, ...fields });

export const webhookInput = z.object({ id });
export const switchWebhookInput = z.object({ id, enabled: z.enum(["on", "off"]).transform((word) => word === "on") });
export const replayInput = z.object({ delivery: deliveryId });

/** What the address of a webhook's page carries. */
export const deliveriesInput = z.object({
  state: z.enum(["all", "waiting", "delivered", "failed"]).catch("all"),
  before: deliveryId.optional().catch(undefined),
});
export type DeliveriesInput = z.output<typeof deliveriesInput>;
