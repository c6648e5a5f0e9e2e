import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { users } from "./account.ts";
import { organizations } from "./organizations.ts";

/**
 * The outbox: every letter the product writes is a row first, in the transaction that caused it. `kept` there is no mail
 * server; `muted` its reader wants no e-mail of this kind; `failed` no one took it in the end; `bounced` it came back.
 */
export const letters = pgTable(
  "letters",
  {
    id: id("letter").primaryKey(),
    /** Null for letters about a person's own account. */
    organizationId: id("organization", "organization_id"),
    /** In whose inbox it is; null for letters that are not shown there, such as those with a link that opens an account. */
    userId: id("user", "user_id").references(() => users.id, { onDelete: "set null" }),
    kind: text("kind").notNull(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
    html: text("html").notNull(),
    clause: text("clause"),
    /** Where an answer by e-mail goes; null: nowhere. */
    replyTo: text("reply_to"),
    /** What is sent with it, in the storage port. */
    attachments: jsonb("attachments").$type<{ name: string; key: string; type: string }[]>(),
    state: text("state", { enum: ["queued", "sent", "kept", "muted", "failed", "bounced"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    /** Under which the mail server and the reader's mailbox know it. */
    messageId: text("message_id"),
    /** What the mail server said when it took the letter. */
    answer: text("answer"),
    createdAt: instant("created_at").notNull(),
    sentAt: instant("sent_at"),
    bouncedAt: instant("bounced_at"),
    openedAt: instant("opened_at"),
    /** When staff have settled what became of a letter that did not arrive. */
    settledAt: instant("settled_at"),
  },
  (table) => [
    index("letters_recipient").on(table.recipient, table.id),
    index("letters_state").on(table.state),
    index("letters_inbox").on(table.userId, table.id).where(sql`${table.userId} is not null`),
  ],
);

/** Each time a letter was offered to the mail server, and what that answered: the evidence of its delivery. */
export const letterAttempts = pgTable(
  "letter_attempts",
  {
    letterId: id("letter", "letter_id")
      .notNull()
      .references(() => letters.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    at: instant("at").notNull(),
    ms: integer("ms").notNull(),
    outcome: text("outcome", { enum: ["sent", "deferred", "bounced"] }).notNull(),
    answer: text("answer").notNull(),
  },
  (table) => [primaryKey({ columns: [table.letterId, table.number] })],
);

/** Kinds of notices that a person wants in the console only, without an e-mail. */
export const mutedNotices = pgTable(
  "muted_notices",
  {
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.kind] })],
);

/** A new registration contact, which becomes the organization's when the letter sent there is answered. */
export const contactChanges = pgTable(
  "contact_changes",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("contactChange").notNull(),
    email: text("email").notNull(),
    hash: text("hash").notNull(),
    requestedBy: id("user", "requested_by").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    confirmedAt: instant("confirmed_at"),
    withdrawnAt: instant("withdrawn_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("contact_changes_hash_key").on(table.hash),
    uniqueIndex("contact_changes_open_key")
      .on(table.organizationId)
      .where(sql`${table.confirmedAt} is null and ${table.withdrawnAt} is null`),
  ],
);
