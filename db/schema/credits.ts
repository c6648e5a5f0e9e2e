import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { cents, id, instant } from "#db/columns.ts";
import { billingAccounts } from "./billing.ts";

/** Money given ahead: used before payment methods, the one that expires first first. */
export const creditGrants = pgTable(
  "credit_grants",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => billingAccounts.organizationId),
    id: id("credit").notNull(),
    /** `refund` is what a document gave back or was paid too much; it does not expire. */
    kind: text("kind", { enum: ["promo", "goodwill", "purchased", "refund"] }).notNull(),
    amountCents: cents("amount_cents").notNull(),
    remainingCents: cents("remaining_cents").notNull(),
    reason: text("reason").notNull(),
    expiresAt: instant("expires_at"),
    expiredAt: instant("expired_at"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("credit_grants_expiry").on(table.expiresAt).where(sql`${table.remainingCents} > 0`),
    check("credit_grants_left", sql`${table.remainingCents} >= 0 and ${table.remainingCents} <= ${table.amountCents}`),
  ],
);

export const creditUses = pgTable(
  "credit_uses",
  {
    organizationId: id("organization", "organization_id").notNull(),
    creditId: id("credit", "credit_id").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    amountCents: cents("amount_cents").notNull(),
    /** What credit had paid of the invoice before: a credit can pay a part now and, after a dispute, another. */
    beforeCents: cents("before_cents").notNull().default(0n),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.creditId, table.invoiceId, table.beforeCents] })],
);
