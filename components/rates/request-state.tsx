import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import type { RateRequestState } from "#lib/domain/rates/view.ts";

const looks: Record<RateRequestState, [Tone, string]> = {
  submitted: ["info", "Waiting for an answer"],
  granted: ["good", "Granted"],
  denied: ["bad", "Denied"],
  withdrawn: ["neutral", "Withdrawn"],
};

export function RequestStateBadge({ state }: { state: RateRequestState }) {
  const [tone, words] = looks[state];
  return <Badge tone={tone}>{words}</Badge>;
}
