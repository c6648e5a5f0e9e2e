import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, cents, id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

/** Master agreements with a customer (T-2-PREC), as signed; orders can name one. A row is never changed. */
export const masterAgreements = pgTable(
  "master_agreements",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("agreement").notNull(),
    number: text("number").notNull(),
    signedAt: instant("signed_at").notNull(),
    fileName: text("file_name").notNull(),
    fileSha256: text("file_sha256").notNull(),
    /** Sealed. */
    file: bytes("file").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("master_agreements_number_key").on(table.organizationId, table.number),
  ],
);

/**
 * Purchase orders (T-3-PO). Staff write a draft; two people who did not write it approve, and from then on a trigger keeps
 * it as it is: an amendment is another order that supersedes it.
 */
export const purchaseOrders = pgTable(
  "purchase_orders",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("order").notNull(),
    /** The customer's own number, written on documents. */
    number: text("number").notNull(),
    state: text("state", { enum: ["draft", "active", "withdrawn", "superseded"] }).notNull(),
    signedAt: instant("signed_at").notNull(),
    /** It holds from the first instant until just before the second; null: without end. */
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at"),
    /** Which of two orders that state the same thing goes first; the lower one. */
    position: integer("position"),
    supersedesId: id("order", "supersedes_id"),
    /** The master agreement it was placed under; null: none. */
    agreementId: id("agreement", "agreement_id"),
    note: text("note"),
    fileName: text("file_name"),
    fileSha256: text("file_sha256"),
    /** Sealed. */
    file: bytes("file"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    approvedBy: text("approved_by").array().notNull().default([]),
    activatedAt: instant("activated_at"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("purchase_orders_number_key")
      .on(table.organizationId, table.number)
      .where(sql`${table.state} in ('draft', 'active')`),
    foreignKey({
      columns: [table.organizationId, table.agreementId],
      foreignColumns: [masterAgreements.organizationId, masterAgreements.id],
    }),
    check("purchase_orders_period", sql`${table.endsAt} > ${table.startsAt}`),
    check(
      "purchase_orders_two_people",
      sql`${table.activatedAt} is null or (cardinality(${table.approvedBy}) >= 2 and ${table.createdBy} <> all(${table.approvedBy}))`,
    ),
  ],
);

/** What an order states: one row for each contractual value it names. */
export const orderTerms = pgTable(
  "order_terms",
  {
    organizationId: id("organization", "organization_id").notNull(),
    orderId: id("order", "order_id").notNull(),
    key: text("key").notNull(),
    value: jsonb("value").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.orderId, table.key] })],
);

/**
 * The consumption thresholds everyone without an order pays advances at (T-5.2-ADV1), by version. Which one holds is
 * decided when a threshold is crossed.
 */
export const thresholdVersions = pgTable(
  "threshold_versions",
  {
    version: integer("version").primaryKey(),
    amountsCents: cents("amounts_cents").array().notNull(),
    /** After the last amount, another one each time this much more is used; null: none. */
    stepCents: cents("step_cents"),
    effectiveFrom: instant("effective_from").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("threshold_versions_effective").on(table.effectiveFrom)],
);
