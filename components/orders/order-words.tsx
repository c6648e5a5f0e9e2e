import { Badge } from "#components/ui/badge.tsx";
import { dateWords } from "#components/ui/time-words.ts";
import { endOf, type OrderPhase, phaseOf } from "#lib/domain/orders/rules.ts";
import type { OrderView } from "#lib/domain/orders/view.ts";

const tones: Record<OrderPhase, "good" | "info" | "neutral" | "warn"> = {
  draft: "warn",
  "to come": "info",
  "in force": "good",
  ended: "neutral",
  withdrawn: "neutral",
  superseded: "neutral",
};

export const phaseWords = (phase: OrderPhase): string => phase.charAt(0).toUpperCase() + phase.slice(1);

export function OrderPhaseBadge({ order, now }: { order: OrderView; now: Date }) {
  const phase = phaseOf(order, now);
  return <Badge tone={tones[phase]}>{phaseWords(phase)}</Badge>;
}

/** From its first day to its last. */
export function periodWords(order: OrderView): string {
  const end = endOf(order);
  return end === null
    ? `from ${dateWords(order.startsAt)}, without an end`
    : `${dateWords(order.startsAt)} to ${dateWords(new Date(end.getTime() - 1))}`;
}
