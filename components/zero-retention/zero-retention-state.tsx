import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { type State, stateTitles } from "#lib/domain/zero-retention/rules.ts";

const tones: Record<State, Tone> = {
  submitted: "info",
  in_review: "info",
  asked: "warn",
  approved: "info",
  implementing: "info",
  active: "good",
  ending: "warn",
  ended: "neutral",
  denied: "neutral",
  withdrawn: "neutral",
  revoked: "bad",
};

type Props = { request: { state: State; brokenAt: Date | null } };

/** Where a request stands; what a later check found wrong goes before everything else. */
export const ZeroRetentionState = ({ request: { state, brokenAt } }: Props) =>
  brokenAt ? <Badge tone="bad">Check failed</Badge> : <Badge tone={tones[state]}>{stateTitles[state]}</Badge>;
