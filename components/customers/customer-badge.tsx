import { Badge } from "#components/ui/badge.tsx";
import { type CustomerState, stateWords } from "#lib/domain/customers/rules.ts";

const tones = { active: "good", suspended: "bad", terminated: "neutral", deleted: "neutral" } as const;

export const CustomerBadge = ({ state }: { state: CustomerState }) => (
  <Badge tone={tones[state]}>{stateWords[state]}</Badge>
);
