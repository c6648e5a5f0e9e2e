import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { cents, id, instant } from "#db/columns.ts";
import { billingAccounts, invoices } from "./billing.ts";

const providers = ["manual", "sandbox", "stripe"] as const;

/** Cards and mandates, as their provider names them; never a card's number. */
export const paymentMethods = pgTable(
  "payment_methods",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => billingAccounts.organizationId),
    id: id("paymentMethod").notNull(),
    provider: text("provider", { enum: providers }).notNull(),
    ref: text("ref").notNull(),
    type: text("type", { enum: ["card", "sepa_debit"] }).notNull(),
    brand: text("brand"),
    last4: text("last4").notNull(),
    expMonth: integer("exp_month"),
    expYear: integer("exp_year"),
    isDefault: boolean("is_default").notNull(),
    /** A chargeback: nothing is taken from it by itself any more. */
    frozenAt: instant("frozen_at"),
    createdAt: instant("created_at").notNull(),
    detachedAt: instant("detached_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("payment_methods_ref_key").on(table.provider, table.ref),
    uniqueIndex("payment_methods_default").on(table.organizationId).where(sql`${table.isDefault}`),
    check("payment_methods_default_lives", sql`not ${table.isDefault} or ${table.detachedAt} is null`),
  ],
);

export const paymentStates = [
  "created",
  "processing",
  "requires_action",
  "unknown",
  "succeeded",
  "failed",
  "canceled",
] as const;

/** Attempts to collect an invoice. Its id is the idempotency key, so every attempt has a new one and no attempt two. */
export const payments = pgTable(
  "payments",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("payment").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    attempt: integer("attempt").notNull(),
    amountCents: cents("amount_cents").notNull(),
    provider: text("provider", { enum: providers }).notNull(),
    livemode: boolean("livemode").notNull(),
    ref: text("ref"),
    kind: text("kind", { enum: ["off_session", "hosted", "transfer"] }).notNull(),
    methodId: id("paymentMethod", "method_id"),
    state: text("state", { enum: paymentStates }).notNull(),
    errorCode: text("error_code"),
    advice: text("advice", { enum: ["retry_later", "new_method", "never"] }),
    /** Where a person confirms or pays it. */
    actionUrl: text("action_url"),
    createdAt: instant("created_at").notNull(),
    /** When the provider was asked last, and how often it gave no answer. */
    askedAt: instant("asked_at"),
    asks: integer("asks").notNull().default(0),
    settledAt: instant("settled_at"),
    refundedCents: cents("refunded_cents").notNull().default(0n),
    chargedBackCents: cents("charged_back_cents").notNull().default(0n),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.invoiceId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
    uniqueIndex("payments_attempt_key").on(table.organizationId, table.invoiceId, table.attempt),
    uniqueIndex("payments_ref_key").on(table.provider, table.ref),
    uniqueIndex("payments_one_live")
      .on(table.organizationId, table.invoiceId)
      .where(
        sql`${table.state} in ('created', 'processing', 'requires_action', 'unknown') and ${table.kind} <> 'transfer'`,
      ),
    index("payments_live")
      .on(table.askedAt)
      .where(sql`${table.state} in ('created', 'processing', 'requires_action', 'unknown')`),
    check("payments_amount", sql`${table.amountCents} > 0`),
    check(
      "payments_back",
      sql`${table.refundedCents} >= 0 and ${table.chargedBackCents} >= 0 and ${table.refundedCents} + ${table.chargedBackCents} <= ${table.amountCents}`,
    ),
  ],
);

/** Pages of the provider's that a person was sent to. */
export const hostedPages = pgTable(
  "hosted_pages",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("hostedPage").notNull(),
    kind: text("kind", { enum: ["setup", "payment"] }).notNull(),
    paymentId: id("payment", "payment_id"),
    provider: text("provider", { enum: providers }).notNull(),
    ref: text("ref"),
    url: text("url"),
    state: text("state", { enum: ["open", "complete", "expired"] }).notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("hosted_pages_ref_key").on(table.provider, table.ref),
  ],
);

export const refunds = pgTable(
  "refunds",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("refund").notNull(),
    paymentId: id("payment", "payment_id").notNull(),
    creditNoteId: id("invoice", "credit_note_id"),
    amountCents: cents("amount_cents").notNull(),
    ref: text("ref"),
    state: text("state", { enum: ["created", "processing", "unknown", "succeeded", "failed"] }).notNull(),
    errorCode: text("error_code"),
    createdAt: instant("created_at").notNull(),
    settledAt: instant("settled_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.paymentId],
      foreignColumns: [payments.organizationId, payments.id],
    }),
    check("refunds_amount", sql`${table.amountCents} > 0`),
  ],
);

/** Money that came by bank transfer, recorded by staff; the bank's reference is good once. */
export const bankReceipts = pgTable(
  "bank_receipts",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("receipt").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    paymentId: id("payment", "payment_id").notNull(),
    bankRef: text("bank_ref").notNull(),
    amountCents: cents("amount_cents").notNull(),
    valueDate: date("value_date", { mode: "string" }).notNull(),
    recordedBy: text("recorded_by").notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("bank_receipts_ref_key").on(table.bankRef),
    check("bank_receipts_amount", sql`${table.amountCents} > 0`),
  ],
);

/** A cardholder's bank took money back. */
export const chargebacks = pgTable(
  "chargebacks",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("chargeback").notNull(),
    ref: text("ref").notNull(),
    paymentId: id("payment", "payment_id").notNull(),
    amountCents: cents("amount_cents").notNull(),
    state: text("state", { enum: ["needs_response", "under_review", "won", "lost"] }).notNull(),
    createdAt: instant("created_at").notNull(),
    closedAt: instant("closed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("chargebacks_ref_key").on(table.ref),
  ],
);

/** What providers told, once each; what it is about is fetched again before anything is believed. */
export const providerEvents = pgTable(
  "provider_events",
  {
    provider: text("provider", { enum: providers }).notNull(),
    eventId: text("event_id").notNull(),
    type: text("type").notNull(),
    livemode: boolean("livemode").notNull(),
    subject: jsonb("subject"),
    receivedAt: instant("received_at").notNull(),
    processedAt: instant("processed_at"),
    error: text("error"),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.eventId] }),
    index("provider_events_waiting").on(table.receivedAt).where(sql`${table.processedAt} is null`),
  ],
);

/** Where our books and a provider's differ, found by the nightly comparison. */
export const paymentDifferences = pgTable(
  "payment_differences",
  {
    provider: text("provider", { enum: providers }).notNull(),
    ref: text("ref").notNull(),
    what: text("what").notNull(),
    foundAt: instant("found_at").notNull(),
    resolvedAt: instant("resolved_at"),
    resolvedBy: text("resolved_by"),
    words: text("words"),
  },
  (table) => [primaryKey({ columns: [table.provider, table.ref] })],
);

/** Steps of dunning that were taken for an invoice: each once. */
export const dunningSteps = pgTable(
  "dunning_steps",
  {
    organizationId: id("organization", "organization_id").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    /** Days after it was due. */
    day: integer("day").notNull(),
    at: instant("at").notNull(),
    did: text("did", { enum: ["charged", "asked", "skipped"] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.invoiceId, table.day] }),
    foreignKey({
      columns: [table.organizationId, table.invoiceId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
  ],
);
