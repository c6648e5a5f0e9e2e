import type { Id } from "#db/id.ts";

/** A webhook as pages show it; never its secrets. */
export type WebhookView = {
  id: Id<"webhookEndpoint">;
  url: string;
  description: string;
  eventTypes: string[];
  enabled: boolean;
  disabledReason: string | null;
  failingSince: Date | null;
  previousSecretUntil: Date | null;
  createdAt: Date;
};

/** What making a webhook or its next secret gives back, once. */
export type NewSecret = { id: Id<"webhookEndpoint">; secret: string };

export type DeliveryState = "waiting" | "delivered" | "failed";

export type DeliveryView = {
  id: Id<"webhookDelivery">;
  endpointId: Id<"webhookEndpoint">;
  eventId: Id<"webhookEvent">;
  replayOf: Id<"webhookDelivery"> | null;
  state: DeliveryState;
  attempts: number;
  createdAt: Date;
  nextAt: Date | null;
  endedAt: Date | null;
  type: string;
  at: Date;
  data: Record<string, unknown>;
};

/** One time a delivery was tried: what the receiver answered, or why there was no answer. */
export type AttemptView = {
  number: number;
  at: Date;
  ms: number;
  status: number | null;
  answer: string;
  error: string | null;
};
