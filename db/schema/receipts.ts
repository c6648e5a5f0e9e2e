import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { count, id, instant } from "#db/columns.ts";

/**
 * Receipts of what was deleted: signed, and in each organization chained. What a receipt says is in its signed text; the
 * columns beside it are there to find it by. A trigger refuses every change but the note that a copy lies elsewhere.
 */
export const deletionReceipts = pgTable(
  "deletion_receipts",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("deletionReceipt").notNull(),
    sequence: count("sequence").notNull(),
    at: instant("at").notNull(),
    /** The very bytes that were signed, as canonical JSON. */
    signed: text("signed").notNull(),
    /** SHA-256 of them, which the next one names. */
    hash: text("hash").notNull(),
    keyId: text("key_id")
      .notNull()
      .references(() => receiptKeys.id),
    signature: text("signature").notNull(),
    /** When a copy was put beside the database, from where it outlives a backup that is put back. */
    copiedAt: instant("copied_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("deletion_receipts_sequence").on(table.organizationId, table.sequence),
    index("deletion_receipts_uncopied").on(table.at).where(sql`${table.copiedAt} is null`),
  ],
);

/** The last receipt of each organization's chain, kept apart, so that a chain whose end was cut off shows it. */
export const receiptHeads = pgTable("receipt_heads", {
  organizationId: id("organization", "organization_id").primaryKey(),
  sequence: count("sequence").notNull(),
  hash: text("hash").notNull(),
});

/** Every public key receipts were ever signed with. */
export const receiptKeys = pgTable("receipt_keys", {
  id: text("id").primaryKey(),
  publicKey: text("public_key").notNull(),
  since: instant("since").notNull(),
});

/** Deletions that customers asked for in writing (T-4.3-DEL3, T-4.2.3-DEL3), each with the day it has to be done by. */
export const deletions = pgTable(
  "deletions",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("deletion").notNull(),
    kind: text("kind", { enum: ["agent", "data"] }).notNull(),
    /** What was named, by its id; null for data that staff have to find. */
    targetId: text("target_id"),
    state: text("state", { enum: ["open", "done"] }).notNull(),
    /** Null: a guest, whose identity staff sign for before anything goes. */
    requestedBy: id("user", "requested_by"),
    receivedAt: instant("received_at").notNull(),
    dueAt: instant("due_at").notNull(),
    /** How much of its time was over, in percent, when it was last made known: 0, 50, 80 or 100. */
    escalated: integer("escalated").notNull().default(0),
    doneAt: instant("done_at"),
    doneBy: text("done_by"),
    receiptId: id("deletionReceipt", "receipt_id"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("deletions_open").on(table.dueAt).where(sql`${table.state} = 'open'`),
    uniqueIndex("deletions_once").on(table.organizationId, table.targetId).where(sql`${table.state} = 'open'`),
    check(
      "deletions_done",
      sql`(${table.state} = 'done') = (${table.doneAt} is not null and ${table.receiptId} is not null)`,
    ),
    check("deletions_due", sql`${table.dueAt} >= ${table.receivedAt}`),
    check("deletions_target", sql`(${table.kind} = 'agent') = (${table.targetId} is not null)`),
  ],
);
