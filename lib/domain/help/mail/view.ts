import type { receivedMail } from "#db/schema/help.ts";
import type { Headers } from "./rules.ts";

/** A letter that came in, read by the library and believed in nothing yet. */
export type Incoming = {
  messageId: string;
  sender: string;
  /** Every address it was delivered or written to. */
  addresses: readonly string[];
  subject: string;
  text: string;
  headers: Headers;
  files: readonly { name: string; bytes: Buffer }[];
};

export type Received = typeof receivedMail.$inferSelect;

/** What became of a letter. */
export type Outcome = { outcome: "taken" | "held" | "known"; reason: string | null; ticket: string | null };

/** A letter that waits, in a list; `participants` are who it can be taken for. */
export type HeldMail = Pick<Received, "id" | "sender" | "subject" | "reason" | "files" | "receivedAt"> & {
  organizationName: string | null;
  ticketId: string | null;
  ticketNumber: number | null;
};
export type HeldMailDetail = HeldMail & { text: string; participants: { id: string; name: string; email: string }[] };
