import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";

export type LetterStateName = "queued" | "sent" | "kept" | "muted" | "failed" | "bounced";

const words: Record<LetterStateName, { tone: Tone; word: string }> = {
  queued: { tone: "info", word: "Waiting" },
  sent: { tone: "good", word: "Sent" },
  kept: { tone: "neutral", word: "Kept here" },
  muted: { tone: "neutral", word: "In the console only" },
  failed: { tone: "bad", word: "Failed" },
  bounced: { tone: "bad", word: "Bounced" },
};

export const LetterState = ({ state }: { state: LetterStateName }) => (
  <Badge tone={words[state].tone}>{words[state].word}</Badge>
);
