import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";

/** The outbox: every letter the product writes is a row first, in the transaction that caused it. */
export const letters = pgTable(
  "letters",
  {
    id: id("letter").primaryKey(),
    /** Null for letters about a person's own account. */
    organizationId: id("organization", "organization_id"),
    kind: text("kind").notNull(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
    html: text("html").notNull(),
    clause: text("clause"),
    state: text("state", { enum: ["queued", "sent", "kept", "failed"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    createdAt: instant("created_at").notNull(),
    sentAt: instant("sent_at"),
  },
  (table) => [index("letters_recipient").on(table.recipient, table.id), index("letters_state").on(table.state)],
);
