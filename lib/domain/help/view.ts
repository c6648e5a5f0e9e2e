import type { ticketMessages, tickets } from "#db/schema/help.ts";
import type { SentFile } from "./files/view.ts";
import type { RecordState } from "./records/view.ts";

export type Ticket = typeof tickets.$inferSelect;

/** What customers read of a ticket: nothing of who works on it, or when it was put off. */
export type TicketRow = Pick<
  Ticket,
  | "id"
  | "number"
  | "workspaceId"
  | "kind"
  | "state"
  | "subject"
  | "createdAt"
  | "changedAt"
  | "firstDueAt"
  | "firstAnsweredAt"
  | "nextDueAt"
  | "legalDueAt"
  | "followsId"
  | "resolvedAt"
> & { requesterName: string };

export type Message = Omit<typeof ticketMessages.$inferSelect, "body" | "organizationId" | "ticketId"> & {
  /** Empty of a line that says what happened. */
  body: string;
  files: SentFile[];
};

export type Rating = { isGood: boolean; words: string | null };

export type TicketDetail = TicketRow & {
  details: Readonly<Record<string, string>>;
  messages: Message[];
  people: { id: string; name: string }[];
  record: RecordState | null;
  rating: Rating | null;
  /** Whether what it is about can still be opened again by a reply. */
  effectOfReply: "goes-on" | "reopens" | "follows";
  canRate: boolean;
};
