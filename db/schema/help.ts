import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, id, instant } from "#db/columns.ts";
import { users } from "./account.ts";
import { organizations } from "./organizations.ts";

/** A customer's request to the provider's people. What people wrote is sealed; the subject is what lists show. */
export const tickets = pgTable(
  "tickets",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("ticket").notNull(),
    /** How people name it, as T-10482. Easy to guess, so it opens nothing. */
    number: integer("number").generatedAlwaysAsIdentity({ startWith: 10_001 }),
    /** Where it was opened; null: by a program, for the organization. */
    workspaceId: id("workspace", "workspace_id"),
    kind: text("kind").notNull(),
    state: text("state", { enum: ["open", "waiting", "resolved", "closed"] }).notNull(),
    subject: text("subject").notNull(),
    /** Of everything people write about it, wrapped under the durable ring. Null before it is sealed anew at a start. */
    key: bytes("key"),
    /** What the form of its kind asked for, beside the first message. */
    details: bytes("details").notNull(),
    requesterId: id("user", "requester_id").references(() => users.id),
    /** Who asked without an account: the address a link proved. */
    guestEmail: text("guest_email"),
    createdAt: instant("created_at").notNull(),
    /** When someone last wrote, or its state last changed. */
    changedAt: instant("changed_at").notNull(),
    /** Counted in working hours; stops with the first answer. */
    firstDueAt: instant("first_due_at").notNull(),
    firstAnsweredAt: instant("first_answered_at"),
    /** Counted in working hours from the customer's last word; null while the customer has it. */
    nextDueAt: instant("next_due_at"),
    /** Counted in calendar days from the day it was received; nothing stops it. */
    legalDueAt: instant("legal_due_at"),
    claimedBy: id("user", "claimed_by"),
    claimedName: text("claimed_name"),
    claimedUntil: instant("claimed_until"),
    snoozedUntil: instant("snoozed_until"),
    /** The ticket it follows, which was over for too long to be opened again. */
    followsId: id("ticket", "follows_id"),
    /** The request, dispute or key that its kind is about, which has states of its own. */
    recordId: text("record_id"),
    reopened: integer("reopened").notNull().default(0),
    resolvedAt: instant("resolved_at"),
    closedAt: instant("closed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({ columns: [table.organizationId, table.followsId], foreignColumns: [table.organizationId, table.id] }),
    uniqueIndex("tickets_number").on(table.number),
    // Staff name a ticket without its organization.
    uniqueIndex("tickets_id").on(table.id),
    index("tickets_queue").on(table.createdAt).where(sql`${table.state} in ('open', 'waiting')`),
    index("tickets_resolved").on(table.resolvedAt).where(sql`${table.state} = 'resolved'`),
    index("tickets_requester").on(table.organizationId, table.requesterId),
    check("tickets_over", sql`(${table.state} in ('resolved', 'closed')) = (${table.resolvedAt} is not null)`),
    check("tickets_closed", sql`(${table.state} = 'closed') = (${table.closedAt} is not null)`),
    check(
      "tickets_claim",
      sql`(${table.claimedBy} is null) = (${table.claimedUntil} is null) and (${table.claimedBy} is null) = (${table.claimedName} is null)`,
    ),
    check("tickets_snoozed", sql`${table.snoozedUntil} is null or ${table.state} in ('open', 'waiting')`),
    check("tickets_next", sql`${table.nextDueAt} is null or ${table.state} = 'open'`),
    check("tickets_asked_by_one", sql`num_nonnulls(${table.requesterId}, ${table.guestEmail}) = 1`),
    check("tickets_reopened", sql`${table.reopened} >= 0`),
  ],
);

const ofTicket = {
  organizationId: id("organization", "organization_id").notNull(),
  ticketId: id("ticket", "ticket_id").notNull(),
};

/** What customer and staff wrote to each other, and what happened between. */
export const ticketMessages = pgTable(
  "ticket_messages",
  {
    ...ofTicket,
    id: id("ticketMessage").notNull(),
    from: text("from", { enum: ["customer", "staff", "system"] }).notNull(),
    /** Of a line of the system: what happened. */
    event: text("event", { enum: ["resolved", "reopened", "closed", "person_added"] }),
    authorId: text("author_id").notNull(),
    authorName: text("author_name").notNull(),
    body: bytes("body"),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.ticketId],
      foreignColumns: [tickets.organizationId, tickets.id],
    }),
    index("ticket_messages_ticket").on(table.organizationId, table.ticketId, table.id),
    check(
      "ticket_messages_said",
      sql`(${table.from} = 'system') = (${table.event} is not null) and (${table.from} = 'system') = (${table.body} is null)`,
    ),
  ],
);

/** What staff write to each other. A table of its own that the database shows to staff alone. */
export const ticketNotes = pgTable(
  "ticket_notes",
  {
    ...ofTicket,
    id: id("ticketNote").notNull(),
    authorId: id("user", "author_id").notNull(),
    authorName: text("author_name").notNull(),
    body: bytes("body").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.ticketId],
      foreignColumns: [tickets.organizationId, tickets.id],
    }),
    index("ticket_notes_ticket").on(table.organizationId, table.ticketId, table.id),
  ],
);

/** Members who see a ticket beside its author and the admins. */
export const ticketPeople = pgTable(
  "ticket_people",
  {
    ...ofTicket,
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    addedBy: text("added_by").notNull(),
    addedAt: instant("added_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.ticketId, table.userId] }),
    foreignKey({
      columns: [table.organizationId, table.ticketId],
      foreignColumns: [tickets.organizationId, tickets.id],
    }),
  ],
);

/** Words of messages as keyed hashes, so that they can be searched for and not read. */
export const ticketWords = pgTable("ticket_words", { ...ofTicket, word: text("word").notNull() }, (table) => [
  primaryKey({ columns: [table.organizationId, table.ticketId, table.word] }),
  foreignKey({
    columns: [table.organizationId, table.ticketId],
    foreignColumns: [tickets.organizationId, tickets.id],
  }),
  index("ticket_words_word").on(table.word, table.organizationId, table.ticketId),
]);

/** Files of messages; the sealed bytes are in the storage port. Without a message a file is waiting for one. */
export const ticketFiles = pgTable(
  "ticket_files",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("ticketFile").notNull(),
    ticketId: id("ticket", "ticket_id"),
    messageId: id("ticketMessage", "message_id"),
    uploadedBy: text("uploaded_by").notNull(),
    uploadedAt: instant("uploaded_at").notNull(),
    name: text("name").notNull(),
    kind: text("kind").notNull(),
    /** Its own, wrapped under the durable ring: a file waits before there is a ticket. */
    key: bytes("key"),
    /** Of the content, before it is sealed. */
    size: integer("size").notNull(),
    sha256: text("sha256").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.ticketId],
      foreignColumns: [tickets.organizationId, tickets.id],
    }),
    foreignKey({
      columns: [table.organizationId, table.messageId],
      foreignColumns: [ticketMessages.organizationId, ticketMessages.id],
    }),
    index("ticket_files_ticket").on(table.organizationId, table.ticketId),
    index("ticket_files_waiting").on(table.uploadedAt).where(sql`${table.messageId} is null`),
    check("ticket_files_size", sql`${table.size} between 1 and 10485760`),
    check("ticket_files_claimed", sql`(${table.ticketId} is null) = (${table.messageId} is null)`),
  ],
);

/** What the customer thought of the help, once for each ticket. */
export const ticketRatings = pgTable(
  "ticket_ratings",
  {
    ...ofTicket,
    userId: id("user", "user_id").notNull(),
    isGood: boolean("is_good").notNull(),
    words: bytes("words"),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.ticketId] }),
    foreignKey({
      columns: [table.organizationId, table.ticketId],
      foreignColumns: [tickets.organizationId, tickets.id],
    }),
    index("ticket_ratings_at").on(table.at),
  ],
);

/** Which of the staff have a ticket open, and since when they were last seen there. */
export const ticketWatchers = pgTable(
  "ticket_watchers",
  {
    ...ofTicket,
    staffId: id("user", "staff_id").notNull(),
    name: text("name").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.ticketId, table.staffId] }),
    foreignKey({
      columns: [table.organizationId, table.ticketId],
      foreignColumns: [tickets.organizationId, tickets.id],
    }),
  ],
);

/** Answers that staff give often. A change is a new version; the highest one counts. */
export const macros = pgTable(
  "macros",
  {
    id: id("macro").notNull(),
    version: integer("version").notNull(),
    name: text("name").notNull(),
    /** With fields such as {{name}} and {{number}}. */
    body: text("body").notNull(),
    note: text("note"),
    /** What the ticket becomes when it is used. */
    state: text("state", { enum: ["waiting", "resolved"] }).notNull(),
    isRetired: boolean("is_retired").notNull(),
    createdBy: id("user", "created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.version] }), check("macros_version", sql`${table.version} > 0`)],
);

/** Letters that came in for Help. What became a message is in its thread; what waits for staff is sealed here. */
export const receivedMail = pgTable(
  "received_mail",
  {
    id: id("mail").primaryKey(),
    /** Of its Message-ID, so that a letter that comes twice is taken once. */
    messageHash: text("message_hash").notNull(),
    organizationId: id("organization", "organization_id"),
    ticketId: id("ticket", "ticket_id"),
    outcome: text("outcome", { enum: ["taken", "held", "accepted", "discarded"] }).notNull(),
    /** Why it was held. */
    reason: text("reason"),
    sender: text("sender").notNull(),
    subject: text("subject").notNull(),
    /** How many files came with it; held letters lose them. */
    files: integer("files").notNull(),
    key: bytes("key"),
    body: bytes("body"),
    receivedAt: instant("received_at").notNull(),
    decidedBy: id("user", "decided_by"),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    uniqueIndex("received_mail_once").on(table.messageHash),
    index("received_mail_held").on(table.receivedAt).where(sql`${table.outcome} = 'held'`),
    index("received_mail_ticket").on(table.ticketId, table.receivedAt),
    check("received_mail_of_ticket", sql`(${table.ticketId} is null) = (${table.organizationId} is null)`),
    check("received_mail_sealed", sql`(${table.body} is null) = (${table.key} is null)`),
    check("received_mail_held", sql`(${table.outcome} = 'held') = (${table.body} is not null)`),
    check(
      "received_mail_decided",
      sql`(${table.outcome} in ('accepted', 'discarded')) = (${table.decidedAt} is not null)`,
    ),
  ],
);
