import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { disputeWords } from "#lib/domain/billing/disputes/rules.ts";

type State = keyof typeof disputeWords;

const tones: Record<State, Tone> = {
  open: "warn",
  accepted: "good",
  partly: "good",
  rejected: "neutral",
  withdrawn: "neutral",
};

export const DisputeBadge = ({ state }: { state: State }) => <Badge tone={tones[state]}>{disputeWords[state]}</Badge>;
