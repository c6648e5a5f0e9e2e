import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { disputeWords } from "#lib/domain/billing/disputes/rules.ts";

const tones: Record<keyof typeof disputeWords, Tone> = {
  open: "warn",
  accepted: "good",
  partly: "good",
  rejected: "neutral",
  withdrawn: "neutral",
};

export const DisputeBadge = ({ state }: { state: keyof typeof disputeWords }) => (
  <Badge tone={tones[state]}>{disputeWords[state]}</Badge>
);
