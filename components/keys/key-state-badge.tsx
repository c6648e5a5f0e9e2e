import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { relativeWords } from "#components/ui/time-words.ts";
import type { KeyView } from "#lib/domain/keys/view.ts";

type Props = { state: Pick<KeyView, "state" | "expiresAt" | "revokedReason" | "successorId">; now: Date };

const endings = {
  revoked: "Revoked",
  leaked: "Leaked, revoked",
  rotated: "Rotated",
  expired: "Expired",
  terminated: "Ended with the agreement",
} as const;

const tones: Record<KeyView["state"], Tone> = {
  active: "good",
  expiring: "warn",
  expired: "neutral",
  revoked: "neutral",
};

export function KeyStateBadge({ state: key, now }: Props) {
  return <Badge tone={key.revokedReason === "leaked" ? "bad" : tones[key.state]}>{words(key, now)}</Badge>;
}

function words({ state, expiresAt, revokedReason, successorId }: Props["state"], now: Date): string {
  if (state === "revoked") return endings[revokedReason ?? "revoked"];
  if (state === "expiring" && expiresAt && successorId) return `Rotated, ends ${relativeWords(expiresAt, now)}`;
  if (state === "expiring" && expiresAt) return `Expires ${relativeWords(expiresAt, now)}`;
  return state === "expired" ? "Expired" : "Active";
}
