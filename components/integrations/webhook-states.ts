import type { Tone } from "#components/ui/notice.tsx";
import type { DeliveryState, WebhookView } from "#lib/domain/integrations/view.ts";

export const deliveryStates: Record<DeliveryState, { tone: Tone; word: string }> = {
  waiting: { tone: "info", word: "Waiting" },
  delivered: { tone: "good", word: "Delivered" },
  failed: { tone: "bad", word: "Failed" },
};

/** How an endpoint does, in one word. */
export function stateOf({ enabled, disabledReason, failingSince }: WebhookView): { tone: Tone; word: string } {
  if (!enabled) return disabledReason ? { tone: "bad", word: "Given up" } : { tone: "neutral", word: "Off" };
  return failingSince ? { tone: "warn", word: "Failing" } : { tone: "good", word: "On" };
}
