import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { centsString, decimalString } from "#lib/core/money.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { fileNameOf, storageKey } from "#lib/domain/billing/documents/rules.ts";
import { invoice } from "#lib/domain/billing/invoices/queries.ts";
import { isOverdue, openOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice, InvoiceDetail, InvoiceKind, Line, Tax } from "#lib/domain/billing/invoices/view.ts";
import { invoiceSlice } from "#lib/domain/billing/programs/queries.ts";
import { paymentsOf } from "#lib/domain/payments/attempts/queries.ts";
import type { Payment } from "#lib/domain/payments/attempts/view.ts";
import { adminEndpoint, adminFile } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { named, uuid, uuidOf, uuidOfKind } from "./shapes.ts";

export const eur = z.string().describe("Euros, as a decimal string.");
export const month = z.string().describe("A calendar month in UTC, such as 2026-11.");
const at = z.iso.datetime();
const invoiceKinds = ["advance", "summary", "final", "credit_note"] as const satisfies readonly InvoiceKind[];
export const states = ["open", "paid", "void", "uncollectible"] as const;

export const reference = z.object({
  id: z.string().describe("As webhooks name it."),
  uuid,
  number: z.string(),
  kind: z.enum(invoiceKinds),
  total_eur: eur,
});

const invoiceShape = reference.extend({
  state: z.enum(states),
  month,
  issued_at: at,
  due_at: at.nullable(),
  currency: z.string(),
  net_eur: eur,
  tax_eur: eur,
  prepaid_eur: eur.describe("Advances that were taken off."),
  due_eur: eur.describe("What was to be paid when it was issued."),
  open_eur: eur.describe("What of it is not settled by money, credit or a credit note."),
  paid_eur: eur,
  credited_eur: eur,
  credit_used_eur: eur,
  disputed_eur: eur,
  threshold_eur: eur.nullable().describe("Of an advance: the consumption threshold that was met."),
  is_overdue: z.boolean(),
  is_test: z.boolean().describe("No money moves for it."),
  purchase_order: z.string().nullable(),
  has_pdf: z.boolean().describe("Whether its file is there yet."),
});

const lineShape = z.object({
  line: z.number().int(),
  kind: z.string(),
  description: z.string(),
  detail: z.string().nullable(),
  model: z.string().nullable(),
  workspace_uuid: uuid.nullable(),
  month,
  quantity: z.string().describe("In units, as a decimal string."),
  unit: z.string(),
  unit_price_eur: eur,
  amount_eur: eur.describe("Net."),
  vat_category: z.string(),
  vat_rate: z.string().describe("Per cent, as a decimal string."),
});

const detailShape = invoiceShape.extend({
  seller: z.looseObject({ name: z.string() }),
  buyer: z.looseObject({ name: z.string() }),
  reason: z.string().nullable().describe("Of a credit note."),
  notes: z.array(z.string()),
  lines: z.array(lineShape),
  taxes: z.array(
    z.object({ category: z.string(), rate: z.string(), base_eur: eur, tax_eur: eur, note: z.string().nullable() }),
  ),
  advances: z.array(reference).describe("Taken off from it."),
  credit_notes: z.array(reference).describe("What corrects it."),
  corrects: reference.nullable().describe("What it corrects, if it is a credit note."),
  summary: reference.nullable().describe("Where it was taken off, if it is an advance."),
  payments: z.array(
    z.object({
      id: z.string(),
      attempt: z.number().int(),
      kind: z.string(),
      state: z.string(),
      amount_eur: eur,
      refunded_eur: eur,
      charged_back_eur: eur,
      error_code: z.string().nullable(),
      created_at: at,
      settled_at: at.nullable(),
    }),
  ),
});

export const referenceOut = ({ id, number, kind, totalCents }: Invoice): z.input<typeof reference> => ({
  id,
  uuid: uuidOf(id),
  number,
  kind,
  total_eur: centsString(totalCents),
});

export const invoiceOut = (one: Invoice, now: Date): z.input<typeof invoiceShape> => ({
  ...referenceOut(one),
  state: one.state,
  month: one.month.slice(0, 7),
  issued_at: one.issuedAt.toISOString(),
  due_at: one.dueAt?.toISOString() ?? null,
  currency: one.currency,
  net_eur: centsString(one.netCents),
  tax_eur: centsString(one.taxCents),
  prepaid_eur: centsString(one.kind === "credit_note" ? 0n : one.prepaidCents),
  due_eur: centsString(one.dueCents),
  open_eur: centsString(openOf(one)),
  paid_eur: centsString(one.paidCents),
  credited_eur: centsString(one.creditedCents),
  credit_used_eur: centsString(one.creditUsedCents),
  disputed_eur: centsString(one.disputedCents),
  threshold_eur: one.thresholdCents === null ? null : centsString(one.thresholdCents),
  is_overdue: isOverdue(one, now),
  is_test: !one.livemode,
  purchase_order: one.poNumber,
  has_pdf: one.pdfSha256 !== null,
});

const rate = (hundredths: number): string => centsString(BigInt(hundredths));

const lineOut = (line: Line): z.input<typeof lineShape> => ({
  line: line.line,
  kind: line.kind,
  description: line.description,
  detail: line.detail,
  model: line.model,
  workspace_uuid: line.workspaceId && uuidOf(line.workspaceId),
  month: line.month.slice(0, 7),
  quantity: line.quantity,
  unit: line.unit,
  unit_price_eur: decimalString(line.unitMicros * 1_000_000n),
  amount_eur: centsString(line.amountCents),
  vat_category: line.vatCategory,
  vat_rate: rate(line.vatRate),
});

const taxOut = ({ category, rate: hundredths, baseCents, taxCents, note }: Tax) => ({
  category,
  rate: rate(hundredths),
  base_eur: centsString(baseCents),
  tax_eur: centsString(taxCents),
  note,
});

const paymentOut = (payment: Payment) => ({
  id: payment.id,
  attempt: payment.attempt,
  kind: payment.kind,
  state: payment.state,
  amount_eur: centsString(payment.amountCents),
  refunded_eur: centsString(payment.refundedCents),
  charged_back_eur: centsString(payment.chargedBackCents),
  error_code: payment.errorCode,
  created_at: payment.createdAt.toISOString(),
  settled_at: payment.settledAt?.toISOString() ?? null,
});

const detailOut = (one: InvoiceDetail, payments: Payment[], now: Date): z.input<typeof detailShape> => ({
  ...invoiceOut(one, now),
  seller: one.seller as { name: string },
  buyer: one.buyer as { name: string },
  reason: one.reason,
  notes: one.notes,
  lines: one.lines.map(lineOut),
  taxes: one.taxes.map(taxOut),
  advances: one.advances.map(referenceOut),
  credit_notes: one.notesOf.map(referenceOut),
  corrects: one.corrects && referenceOut(one.corrects),
  summary: one.summary && referenceOut(one.summary),
  payments: payments.map(paymentOut),
});

const list = adminEndpoint({
  can: "billing.read",
  summary: "List the organization's invoices and credit notes, newest first.",
  query: z.object({
    kind: z.enum(invoiceKinds).optional(),
    state: z.enum(states).optional(),
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
      .optional()
      .describe("The calendar month a document belongs to, such as 2026-11."),
    after: uuidOfKind("invoice").optional().describe("Go on after this one: the `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(100).default(25),
  }),
  output: z.object({
    object: z.literal("list"),
    items: z.array(invoiceShape),
    has_more: z.boolean(),
    next: uuid.nullable(),
  }),
  run: async (ctx, { query: { month: asked, ...filter } }) => {
    const { rows, hasMore } = await invoiceSlice(ctx, { ...filter, month: asked && `${asked}-01` });
    const last = rows.at(-1);
    const items = rows.map((one) => invoiceOut(one, ctx.now));
    return { object: "list" as const, items, has_more: hasMore, next: hasMore && last ? uuidOf(last.id) : null };
  },
});

const one = adminEndpoint({
  can: "billing.read",
  summary: "Read an invoice or credit note with its lines, taxes, advances and payments.",
  output: detailShape,
  run: async (ctx, { params: { id } }) => {
    const found = await invoice(ctx, named("invoice", id));
    return detailOut(found, await paymentsOf(ctx, found.id), ctx.now);
  },
});

const pdf = adminFile({
  can: "billing.read",
  summary: "Download the file of an invoice or credit note. It is there within a minute of its issue; until then, 404.",
  type: "application/pdf",
  run: async (ctx, { id }) => fileOf(await invoice(ctx, named("invoice", id))),
});

async function fileOf(detail: InvoiceDetail) {
  const missing = new AppError("not_found", "The file of this document is not there yet. Try again in a minute.");
  if (detail.pdfSha256 === null) throw missing;
  const key = storageKey(detail, detail.pdfSha256);
  const size = await storage().size(key);
  if (size === null) throw missing;
  return { name: fileNameOf(detail), size, pieces: await storage().read(key) };
}

export function adminInvoices(routes: Routes): void {
  routes.get("/v1/admin/invoices", list);
  routes.get("/v1/admin/invoices/:id", one);
  routes.get("/v1/admin/invoices/:id/pdf", pdf);
}
