import type { Tone } from "#components/ui/notice.tsx";
import type { Outcome } from "#lib/domain/request-log/view.ts";

export const outcomeTones: Record<Outcome, Tone> = {
  answered: "good",
  aborted: "warn",
  failed: "bad",
  refused: "neutral",
};
