import type { RecordState } from "#lib/domain/help/records/view.ts";
import type { Message, Rating, Ticket } from "#lib/domain/help/view.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

export type QueueRow = Omit<Ticket, "key" | "details"> & { organizationName: string; requesterName: string };

export type Note = { id: string; authorName: string; body: string; at: Date };

export type DeskTicket = QueueRow & {
  plan: Plan;
  details: Readonly<Record<string, string>>;
  messages: Message[];
  notes: Note[];
  record: RecordState | null;
  rating: Rating | null;
  /** Colleagues who have it open now. */
  watchers: string[];
  /** Whether this person can answer: no one else has claimed it. */
  isClaimedByOther: boolean;
  followsNumber: number | null;
};
