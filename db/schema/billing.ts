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
import { cents, id, instant, micros, pico } from "#db/columns.ts";
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
        "training",
        "training_waived",
        "training_minimum",
        "model_storage",
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
