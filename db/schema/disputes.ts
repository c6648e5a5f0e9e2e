import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { cents, id, instant } from "#db/columns.ts";
import { invoices } from "./billing.ts";

/** A customer's objection to lines of an invoice (T-5.2-DISP). */
export const disputes = pgTable(
  "disputes",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("dispute").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    state: text("state", { enum: ["open", "accepted", "partly", "rejected", "withdrawn"] }).notNull(),
    wants: text("wants", { enum: ["adjustment", "credit"] }).notNull(),
    reason: text("reason").notNull(),
    openedBy: id("user", "opened_by").notNull(),
    openedAt: instant("opened_at").notNull(),
    amountCents: cents("amount_cents").notNull(),
    creditedCents: cents("credited_cents").notNull().default(0n),
    creditNoteId: id("invoice", "credit_note_id"),
    answer: text("answer"),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.invoiceId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
    index("disputes_open").on(table.openedAt).where(sql`${table.state} = 'open'`),
    check(
      "disputes_amount",
      sql`${table.amountCents} > 0 and ${table.creditedCents} between 0 and ${table.amountCents}`,
    ),
  ],
);

/** What of which line is disputed, gross. */
export const disputeLines = pgTable(
  "dispute_lines",
  {
    organizationId: id("organization", "organization_id").notNull(),
    disputeId: id("dispute", "dispute_id").notNull(),
    line: integer("line").notNull(),
    /** Net, as the line's amount is. */
    amountCents: cents("amount_cents").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.disputeId, table.line] }),
    foreignKey({
      columns: [table.organizationId, table.disputeId],
      foreignColumns: [disputes.organizationId, disputes.id],
    }),
  ],
);

export const disputeMessages = pgTable(
  "dispute_messages",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("disputeMessage").notNull(),
    disputeId: id("dispute", "dispute_id").notNull(),
    from: text("from", { enum: ["customer", "staff"] }).notNull(),
    authorName: text("author_name").notNull(),
    body: text("body").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.disputeId],
      foreignColumns: [disputes.organizationId, disputes.id],
    }),
  ],
);

/** Files sent with a message. The bytes are in the storage port, under their hash. */
export const disputeFiles = pgTable(
  "dispute_files",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("disputeFile").notNull(),
    disputeId: id("dispute", "dispute_id").notNull(),
    messageId: id("disputeMessage", "message_id").notNull(),
    name: text("name").notNull(),
    /** What the content is, whatever the name says. */
    kind: text("kind", { enum: ["pdf", "png", "jpeg", "txt", "csv"] }).notNull(),
    size: integer("size").notNull(),
    sha256: text("sha256").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.messageId],
      foreignColumns: [disputeMessages.organizationId, disputeMessages.id],
    }),
    index("dispute_files_dispute").on(table.organizationId, table.disputeId),
    check("dispute_files_size", sql`${table.size} > 0`),
  ],
);
