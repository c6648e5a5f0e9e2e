import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import type { LetterStatus } from "#lib/domain/notices/view.ts";

const words: Record<LetterStatus, { tone: Tone; word: string }> = {
  queued: { tone: "info", word: "Waiting" },
  sent: { tone: "good", word: "Sent" },
  kept: { tone: "neutral", word: "Kept here" },
  muted: { tone: "neutral", word: "In the console only" },
  failed: { tone: "bad", word: "Failed" },
  bounced: { tone: "bad", word: "Bounced" },
};

export const LetterState = ({ state }: { state: LetterStatus }) => (
  <Badge tone={words[state].tone}>{words[state].word}</Badge>
);
