import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { cents, count, id, instant, micros, pico } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

export type PostalAddress = {
  line1: string;
  line2: string | null;
  postalCode: string;
  city: string;
  country: string;
};

/** Who issues invoices. Another one is a row; accounts name theirs, and each has number series of its own. */
export const legalEntities = pgTable("legal_entities", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  address: jsonb("address").$type<PostalAddress>().notNull(),
  vatId: text("vat_id"),
  registrationId: text("registration_id"),
  email: text("email").notNull(),
  iban: text("iban"),
  bic: text("bic"),
  updatedAt: instant("updated_at").notNull(),
});

/** What an organization is billed by: profile, provider, and how it stands. Made when it begins to pay, never on the free plan. */
export const billingAccounts = pgTable("billing_accounts", {
  organizationId: id("organization", "organization_id")
    .primaryKey()
    .references(() => organizations.id),
  legalEntityId: text("legal_entity_id")
    .notNull()
    .references(() => legalEntities.id),
  currency: text("currency", { enum: ["EUR"] }).notNull(),
  /** Who collects; another one needs a new payment method. */
  provider: text("provider", { enum: ["manual", "sandbox", "stripe"] }).notNull(),
  livemode: boolean("livemode").notNull(),
  customerRef: text("customer_ref"),
  collection: text("collection", { enum: ["auto", "send_invoice"] }).notNull(),
  name: text("name").notNull(),
  address: jsonb("address").$type<PostalAddress>().notNull(),
  vatId: text("vat_id"),
  /** Unchecked: the form is right and no register has answered yet. */
  vatStatus: text("vat_status", { enum: ["none", "unchecked", "valid", "invalid"] }).notNull(),
  vatCheckedAt: instant("vat_checked_at"),
  vatReference: text("vat_reference"),
  /** The customer's own reference, written on documents where no order names one. */
  poNumber: text("po_number"),
  emails: text("emails").array().notNull(),
  /** Since when something is overdue beyond the grace: the banner. */
  pastDueSince: instant("past_due_since"),
  /** Since when `/v1` answers 402 because of unpaid invoices, and why. */
  blockedAt: instant("blocked_at"),
  blockedReason: text("blocked_reason", { enum: ["unpaid", "exposure"] }),
  /** The plan ends with this cycle and the free one follows (first day of the next). */
  downgradeOn: date("downgrade_on", { mode: "string" }),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

/** A calendar month (UTC) of an account. */
export const billingCycles = pgTable(
  "billing_cycles",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => billingAccounts.organizationId),
    month: date("month", { mode: "string" }).notNull(),
    state: text("state", { enum: ["open", "invoiced"] }).notNull(),
    /** The thresholds that counted at the last look: which document they are from and their amounts. */
    thresholds: jsonb("thresholds").$type<{ ref: string; amounts: string[]; step: string | null }>().notNull(),
    /** Thresholds up to here were passed under other ones and are not charged (T-5.2-ADV1). */
    floorCents: cents("floor_cents").notNull(),
    /** The next threshold that use can meet; null: there is none. */
    nextCents: cents("next_cents"),
    /** When thresholds and use were compared last. */
    lookedAt: instant("looked_at").notNull(),
    /** Net amount too small to collect that the cycle before handed on. */
    carriedCents: cents("carried_cents").notNull(),
    closedAt: instant("closed_at"),
    /** Why it could not be closed at the last try. */
    problem: text("problem"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.month] }),
    index("billing_cycles_open").on(table.month).where(sql`${table.state} = 'open'`),
  ],
);

/**
 * What was used at which price, by month: what invoices sum, so that closing does not read events. Written with the events;
 * `invoiced_…` is what documents have taken of it already, so what comes late is the difference and goes to the next one.
 */
export const usageLines = pgTable(
  "usage_lines",
  {
    organizationId: id("organization", "organization_id").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    model: text("model").notNull(),
    inputMicros: micros("input_micros").notNull(),
    cachedInputMicros: micros("cached_input_micros").notNull(),
    outputMicros: micros("output_micros").notNull(),
    requests: count("requests").notNull(),
    promptTokens: count("prompt_tokens").notNull(),
    cachedTokens: count("cached_tokens").notNull(),
    completionTokens: count("completion_tokens").notNull(),
    costPico: pico("cost_pico").notNull(),
    invoicedRequests: count("invoiced_requests").notNull().default(0),
    invoicedPromptTokens: count("invoiced_prompt_tokens").notNull().default(0),
    invoicedCachedTokens: count("invoiced_cached_tokens").notNull().default(0),
    invoicedCompletionTokens: count("invoiced_completion_tokens").notNull().default(0),
    invoicedPico: pico("invoiced_pico").notNull().default(0n),
  },
  (table) => [
    primaryKey({
      columns: [
        table.organizationId,
        table.month,
        table.workspaceId,
        table.model,
        table.inputMicros,
        table.cachedInputMicros,
        table.outputMicros,
      ],
    }),
    check("usage_lines_not_over_invoiced", sql`${table.invoicedPico} <= ${table.costPico}`),
  ],
);

/** The last number of each series: a row's lock makes them gapless. */
export const numberSeries = pgTable(
  "number_series",
  {
    legalEntityId: text("legal_entity_id").notNull(),
    series: text("series").notNull(),
    year: integer("year").notNull(),
    last: integer("last").notNull(),
    lastIssuedAt: instant("last_issued_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.legalEntityId, table.series, table.year] })],
);

export const invoiceKinds = ["advance", "summary", "final", "credit_note"] as const;

/**
 * Issued documents. Born with their number, in the transaction that posts them; a trigger lets only `state`, the tallies and
 * the rendered bytes change afterwards, and nothing be removed.
 */
export const invoices = pgTable(
  "invoices",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => billingAccounts.organizationId),
    id: id("invoice").notNull(),
    kind: text("kind", { enum: invoiceKinds }).notNull(),
    state: text("state", { enum: ["open", "paid", "void", "uncollectible"] }).notNull(),
    /** The cycle it belongs to. */
    month: date("month", { mode: "string" }).notNull(),
    legalEntityId: text("legal_entity_id").notNull(),
    livemode: boolean("livemode").notNull(),
    series: text("series").notNull(),
    number: text("number").notNull(),
    seq: integer("seq").notNull(),
    issuedAt: instant("issued_at").notNull(),
    dueAt: instant("due_at"),
    currency: text("currency", { enum: ["EUR"] }).notNull(),
    netCents: cents("net_cents").notNull(),
    taxCents: cents("tax_cents").notNull(),
    totalCents: cents("total_cents").notNull(),
    prepaidCents: cents("prepaid_cents").notNull(),
    dueCents: cents("due_cents").notNull(),
    /** The exact sum its lines were rounded from. */
    exactPico: pico("exact_pico").notNull(),
    /** Of an advance: the threshold that was met (T-5.2-ADV2). */
    thresholdCents: cents("threshold_cents"),
    /** Of a credit note: the document it corrects. */
    correctsId: id("invoice", "corrects_id"),
    reason: text("reason"),
    seller: jsonb("seller").notNull(),
    buyer: jsonb("buyer").notNull(),
    notes: text("notes").array().notNull(),
    poNumber: text("po_number"),
    collection: text("collection", { enum: ["auto", "send_invoice"] }).notNull(),
    // What changes afterwards.
    paidCents: cents("paid_cents").notNull().default(0n),
    creditedCents: cents("credited_cents").notNull().default(0n),
    /** Paid out of the customer's credit. */
    creditUsedCents: cents("credit_used_cents").notNull().default(0n),
    disputedCents: cents("disputed_cents").notNull().default(0n),
    paidAt: instant("paid_at"),
    pdfSha256: text("pdf_sha256"),
    renderedAt: instant("rendered_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("invoices_number_key").on(table.legalEntityId, table.number),
    uniqueIndex("invoices_seq_key").on(
      table.legalEntityId,
      table.series,
      sql`extract(year from issued_at at time zone 'UTC')`,
      table.seq,
    ),
    uniqueIndex("invoices_one_advance")
      .on(table.organizationId, table.month, table.thresholdCents)
      .where(sql`${table.kind} = 'advance'`),
    uniqueIndex("invoices_one_summary").on(table.organizationId, table.month).where(sql`${table.kind} = 'summary'`),
    index("invoices_issued").on(table.organizationId, table.issuedAt, table.id),
    index("invoices_open").on(table.dueAt).where(sql`${table.state} = 'open'`),
    index("invoices_sha").on(table.pdfSha256),
    check("invoices_total", sql`${table.totalCents} = ${table.netCents} + ${table.taxCents}`),
    check(
      "invoices_due",
      sql`${table.dueCents} = ${table.totalCents} - ${table.prepaidCents} and ${table.dueCents} >= 0`,
    ),
    check(
      "invoices_settled",
      sql`${table.paidCents} >= 0 and ${table.creditedCents} >= 0 and ${table.creditUsedCents} >= 0 and ${table.disputedCents} >= 0
        and ${table.creditedCents} <= ${table.totalCents}`,
    ),
    check("invoices_threshold", sql`(${table.kind} = 'advance') = (${table.thresholdCents} is not null)`),
    check("invoices_corrects", sql`(${table.kind} = 'credit_note') = (${table.correctsId} is not null)`),
  ],
);

export const invoiceLines = pgTable(
  "invoice_lines",
  {
    organizationId: id("organization", "organization_id").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    line: integer("line").notNull(),
    description: text("description").notNull(),
    detail: text("detail"),
    kind: text("kind", {
      enum: [
        "input",
        "cached_input",
        "output",
        "waived",
        "advance",
        "discount",
        "commitment",
        "carry",
        "credit",
        "other",
      ],
    }).notNull(),
    model: text("model"),
    workspaceId: id("workspace", "workspace_id"),
    /** The prices of the usage behind it; with month, workspace and model they find its requests. */
    inputMicros: micros("input_micros"),
    cachedInputMicros: micros("cached_input_micros"),
    outputMicros: micros("output_micros"),
    month: date("month", { mode: "string" }).notNull(),
    unit: text("unit", { enum: ["million tokens", "piece", "month"] }).notNull(),
    /** In units. */
    quantity: numeric("quantity", { precision: 38, scale: 6 }).notNull(),
    unitMicros: micros("unit_micros").notNull(),
    exactPico: pico("exact_pico").notNull(),
    amountCents: cents("amount_cents").notNull(),
    vatCategory: text("vat_category", { enum: ["S", "AE", "O", "E"] }).notNull(),
    /** Hundredths of a per cent. */
    vatRate: integer("vat_rate").notNull(),
    /** Of a credit note: the line it gives back. */
    correctsLine: integer("corrects_line"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.invoiceId, table.line] }),
    foreignKey({
      columns: [table.organizationId, table.invoiceId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
  ],
);

export const invoiceTaxes = pgTable(
  "invoice_taxes",
  {
    organizationId: id("organization", "organization_id").notNull(),
    invoiceId: id("invoice", "invoice_id").notNull(),
    category: text("category", { enum: ["S", "AE", "O", "E"] }).notNull(),
    rate: integer("rate").notNull(),
    baseCents: cents("base_cents").notNull(),
    taxCents: cents("tax_cents").notNull(),
    note: text("note"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.invoiceId, table.category, table.rate] }),
    foreignKey({
      columns: [table.organizationId, table.invoiceId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
  ],
);

/** Which summary an advance was taken off from: once. */
export const advanceApplications = pgTable(
  "advance_applications",
  {
    organizationId: id("organization", "organization_id").notNull(),
    advanceId: id("invoice", "advance_id").notNull(),
    summaryId: id("invoice", "summary_id").notNull(),
    netCents: cents("net_cents").notNull(),
    taxCents: cents("tax_cents").notNull(),
    totalCents: cents("total_cents").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.advanceId] }),
    foreignKey({
      columns: [table.organizationId, table.advanceId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
    foreignKey({
      columns: [table.organizationId, table.summaryId],
      foreignColumns: [invoices.organizationId, invoices.id],
    }),
  ],
);

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
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.creditId, table.invoiceId] })],
);

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
    /** In the storage port; null: without. */
    attachment: jsonb("attachment").$type<{ name: string; bytes: number; sha256: string; key: string; type: string }>(),
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
