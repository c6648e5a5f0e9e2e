import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { type AssistanceState, stateWords } from "#lib/domain/assistance/rules.ts";

const tones: Record<AssistanceState, Tone> = {
  requested: "info",
  approved: "info",
  declined: "neutral",
  offered: "warn",
  granted: "good",
  active: "warn",
  ended: "neutral",
};

/** For staff the customer's agreement is what is waited for. */
const deskWords: Partial<Record<AssistanceState, string>> = { offered: "Waits for the customer", active: "Being read" };

type Props = { state: AssistanceState; isDesk?: boolean };

/** Where an assistance stands. */
export const GrantState = ({ state, isDesk = false }: Props) => (
  <Badge tone={tones[state]}>{(isDesk ? deskWords[state] : undefined) ?? stateWords[state]}</Badge>
);
