import { createHash } from "node:crypto";
import { z } from "zod";
import type { Id } from "#db/id.ts";
import { idField } from "#lib/core/id-field.ts";

/** One try of one webhook delivery; `domain/integrations` does it. */
export const webhookDelivery = {
  name: "integrations.deliver-webhook",
  payload: z.object({
    organizationId: idField("organization"),
    deliveryId: idField("webhookDelivery"),
  }),
  lane: "webhooks" as const,
};

/** One try of sending an event to a connected service; `domain/connections` does it. */
export const eventDelivery = {
  name: "integrations.deliver-event",
  payload: z.object({
    organizationId: idField("organization"),
    deliveryId: idField("connectionDelivery"),
  }),
  lane: "webhooks" as const,
};

type Delivery = {
  organizationId: Id<"organization">;
  /** A webhook, or a connection that is told of events. */
  endpointId: Id<"webhookEndpoint"> | Id<"connection">;
  deliveryId: Id<"webhookDelivery"> | Id<"connectionDelivery">;
};

const half = (text: string): number => (createHash("sha256").update(text).digest()[0] ?? 0) % 2;

/**
 * The line a delivery stands in. Each endpoint has two, so two of its deliveries are under way at most; each organization
 * has four, whatever number of endpoints it has.
 */
export const lineOf = ({ organizationId, endpointId, deliveryId }: Delivery): string =>
  `webhooks:${organizationId}:${half(endpointId)}${half(deliveryId)}`;
