import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";

export type RequestState = "submitted" | "granted" | "denied" | "withdrawn";

const looks: Record<RequestState, [Tone, string]> = {
  submitted: ["info", "Waiting for an answer"],
  granted: ["good", "Granted"],
  denied: ["bad", "Denied"],
  withdrawn: ["neutral", "Withdrawn"],
};

export function RequestStateBadge({ state }: { state: RequestState }) {
  const [tone, words] = looks[state];
  return <Badge tone={tone}>{words}</Badge>;
}
