import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { type StandingName, standingOf, standingWords } from "#lib/domain/billing/desk/rules.ts";

const tones: Record<StandingName, Tone> = { blocked: "bad", past_due: "warn", good: "good" };

/** How a customer's payments stand, in a word. */
export function StandingBadge({ account }: { account: Parameters<typeof standingOf>[0] }) {
  const standing = standingOf(account);
  return <Badge tone={tones[standing]}>{standingWords[standing]}</Badge>;
}
