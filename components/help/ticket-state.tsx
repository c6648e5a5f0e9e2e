import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { deskStateWords, stateWords, type TicketState } from "#lib/domain/help/rules.ts";

type Props = { state: TicketState; isDesk?: boolean };

const tones: Record<TicketState, Tone> = { open: "info", waiting: "warn", resolved: "good", closed: "neutral" };
const deskTones: Record<TicketState, Tone> = { ...tones, open: "warn", waiting: "neutral" };

export const TicketBadge = ({ state, isDesk = false }: Props) => (
  <Badge tone={(isDesk ? deskTones : tones)[state]}>{(isDesk ? deskStateWords : stateWords)[state]}</Badge>
);
