import { sql } from "drizzle-orm";
import { check, foreignKey, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { cents, id, instant } from "#db/columns.ts";
import { billingAccounts } from "./billing.ts";

/** The kinds of accounts the ledger has for each customer. A debit is positive. */
export const ledgerAccounts = [
  "receivable",
  "receivable_disputed",
  "cash",
  "advance_liability",
  "customer_credit",
  "tax_payable",
  "revenue",
  "credits_granted",
  "bad_debt",
  "chargeback",
] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

/** One event of money, in cents. Append-only; its entries sum to zero, which a deferred trigger holds. */
export const ledgerTransactions = pgTable(
  "ledger_transactions",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => billingAccounts.organizationId),
    id: id("ledgerTransaction").notNull(),
    kind: text("kind").notNull(),
    /** What it may happen once for, such as `issue:<invoice>`. */
    key: text("key").notNull(),
    invoiceId: id("invoice", "invoice_id"),
    paymentId: id("payment", "payment_id"),
    effectiveAt: instant("effective_at").notNull(),
    createdBy: text("created_by").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("ledger_transactions_key").on(table.organizationId, table.key),
  ],
);

export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    organizationId: id("organization", "organization_id").notNull(),
    transactionId: id("ledgerTransaction", "transaction_id").notNull(),
    account: text("account", { enum: ledgerAccounts }).notNull(),
    amountCents: cents("amount_cents").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.transactionId, table.account] }),
    foreignKey({
      columns: [table.organizationId, table.transactionId],
      foreignColumns: [ledgerTransactions.organizationId, ledgerTransactions.id],
    }),
    check("ledger_entries_not_zero", sql`${table.amountCents} <> 0`),
  ],
);
