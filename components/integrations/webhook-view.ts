import type { Tone } from "#components/ui/notice.tsx";

export type WebhookRow = {
  id: string;
  url: string;
  description: string;
  eventTypes: readonly string[];
  enabled: boolean;
  disabledReason: string | null;
  failingSince: Date | null;
  previousSecretUntil: Date | null;
  createdAt: Date;
};

export type NewSecretView = { id: `whe_${string}`; secret: string };

export type DeliveryRow = {
  id: string;
  type: string;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  createdAt: Date;
  nextAt: Date | null;
  replayOf: string | null;
};

export const deliveryStates: Record<DeliveryRow["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "info", word: "Waiting" },
  delivered: { tone: "good", word: "Delivered" },
  failed: { tone: "bad", word: "Failed" },
};

/** How an endpoint does, in one word. */
export function stateOf({ enabled, disabledReason, failingSince }: WebhookRow): { tone: Tone; word: string } {
  if (!enabled) return disabledReason ? { tone: "bad", word: "Given up" } : { tone: "neutral", word: "Off" };
  return failingSince ? { tone: "warn", word: "Failing" } : { tone: "good", word: "On" };
}
