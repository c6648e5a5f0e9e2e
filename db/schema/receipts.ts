import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
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
