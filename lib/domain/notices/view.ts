import type { Id } from "#db/id.ts";

export type LetterStatus = "queued" | "sent" | "kept" | "muted" | "failed" | "bounced";

/** An e-mail as a list shows it. */
export type LetterView = {
  id: Id<"letter">;
  kind: string;
  recipient: string;
  subject: string;
  state: LetterStatus;
  createdAt: Date;
};

/** With whose it is, for staff; null for one about an account. */
export type OutboxRow = LetterView & { organizationName: string | null };

/** One time an e-mail was offered to the mail server. */
export type LetterAttempt = {
  number: number;
  at: Date;
  ms: number;
  outcome: "sent" | "deferred" | "bounced";
  answer: string;
};

/** An e-mail as it is kept, with every time it was offered to the mail server. */
export type LetterDetail = LetterView & {
  text: string;
  html: string;
  clause: string | null;
  attempts: number;
  error: string | null;
  messageId: string | null;
  answer: string | null;
  sentAt: Date | null;
  bouncedAt: Date | null;
  openedAt: Date | null;
  settledAt: Date | null;
  tries: LetterAttempt[];
};
