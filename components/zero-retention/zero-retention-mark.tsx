import { Badge } from "#components/ui/badge.tsx";

/** Says, where prompts are typed or listed, that nothing of them is kept. */
export const ZeroRetentionMark = ({ isInForce }: { isInForce: boolean }) =>
  isInForce ? <Badge tone="good">Zero retention</Badge> : null;
