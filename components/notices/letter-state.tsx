import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";

const words: Record<"queued" | "sent" | "kept" | "failed", { tone: Tone; word: string }> = {
  queued: { tone: "info", word: "Waiting" },
  sent: { tone: "good", word: "Sent" },
  kept: { tone: "neutral", word: "Kept here" },
  failed: { tone: "bad", word: "Failed" },
};

export const LetterState = ({ state }: { state: keyof typeof words }) => (
  <Badge tone={words[state].tone}>{words[state].word}</Badge>
);
