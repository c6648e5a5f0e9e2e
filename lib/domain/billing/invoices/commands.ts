import { and, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { invoiceLines, invoices, invoiceTaxes, numberSeries } from "#db/schema/billing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { type Cents, pico } from "#lib/core/money.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { legalEntity } from "#lib/domain/billing/accounts/queries.ts";
import type { Account, LegalEntity } from "#lib/domain/billing/accounts/view.ts";
import { roundedSum, splitCents, taxesOf } from "#lib/domain/billing/amounts/rules.ts";
import { closeWindow, openWindow } from "#lib/domain/billing/disputes/window/commands.ts";
import { collectInvoice, renderDocument } from "#lib/domain/billing/documents/rules.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import type { Entries } from "#lib/domain/billing/ledger/rules.ts";
import { type VatDecision, type VatQuestion, vatFor } from "#lib/domain/billing/vat/rules.ts";
import { type DraftLine, eurosOf, eventOf, numberOf, openOf, seriesOf } from "./rules.ts";
import type { Invoice, InvoiceKind } from "./view.ts";

export type Sums = { net: bigint; tax: bigint; total: bigint };

/** What a document is made of; numbers, rounding, VAT and posting follow from it. */
export type Draft = {
  kind: InvoiceKind;
  month: string;
  lines: readonly DraftLine[];
  /** Gross amount that was paid ahead of it and is taken off. */
  prepaid?: bigint;
  dueAt?: Date;
  thresholdCents?: bigint;
  corrects?: Invoice;
  /** VAT as another document had it; else it is decided now. */
  vat?: Vat;
  /** What the corrected document has left: all of its net takes all of its tax, and a part never more. */
  left?: { net: bigint; tax: Cents };
  reason?: string;
  notes?: readonly string[];
  poNumber?: string | null;
  /** What posting it does to the ledger. */
  entries: (sums: Sums) => Entries;
  clause: ClauseId;
};

/**
 * Issues a document in the caller's transaction, which holds the account's lock: rounds once, decides VAT, takes the next
 * number of its series, keeps seller and buyer as they are now, posts it, and queues its rendering and collection.
 */
export const issue = part(async (ctx: OrganizationContext, account: Account, draft: Draft): Promise<Invoice> => {
  const entity = await legalEntity(ctx, account.legalEntityId);
  const amounts = amountsOf(draft, draft.vat ?? vatDecision(account, entity.address.country, ctx.now));
  const issued = await insertInvoice(ctx, { account, entity, draft, amounts });
  const place = { organizationId: ctx.organizationId, invoiceId: issued.id };
  await ctx.db
    .insert(invoiceLines)
    .values(draft.lines.map((line, at) => rowOf(line, { ...place, line: at + 1 }, amounts.lines[at], amounts.vat)));
  await ctx.db.insert(invoiceTaxes).values(
    amounts.taxes.map(({ category, rate, base, tax }) => ({
      ...place,
      category,
      rate,
      baseCents: base,
      taxCents: tax,
      note: amounts.vat.note,
    })),
  );
  await postEntries(ctx, {
    kind: `issue-${draft.kind}`,
    key: `issue:${issued.id}`,
    entries: draft.entries(amounts),
    invoiceId: issued.id,
  });
  await openWindow(ctx, issued);
  await announce(ctx, issued, draft.clause);
  return issued;
});

type Vat = Omit<VatDecision, "isOss">;
type Amounts = Sums & {
  vat: Vat;
  exactPico: bigint;
  lines: readonly bigint[];
  taxes: ReturnType<typeof taxesOf>;
  prepaid: bigint;
};

/** A document's amounts: rounded once, split over its lines, taxed on the sum. */
function amountsOf({ lines, left, prepaid = 0n }: Draft, vat: Vat): Amounts {
  const exacts = lines.map(({ exactPico }) => pico(exactPico));
  const net = roundedSum(exacts);
  const parts = splitCents(exacts, net);
  const taxed = parts.map((amount) => ({ amount, vatCategory: vat.category, vatRate: vat.rate }));
  const taxes = upTo(left, net, taxesOf(taxed));
  const tax = taxes.reduce((sum, one) => sum + one.tax, 0n);
  const total = net + tax;
  const exactPico = exacts.reduce<bigint>((sum, one) => sum + one, 0n);
  return { vat, exactPico, net, tax, total, lines: parts, taxes, prepaid: prepaid < total ? prepaid : total };
}

type Parts = { account: Account; entity: LegalEntity; draft: Draft; amounts: Amounts };

async function insertInvoice(ctx: OrganizationContext, { account, entity, draft, amounts }: Parts): Promise<Invoice> {
  const { net, tax, total, exactPico, vat } = amounts;
  // Nothing of a credit note is to be paid.
  const isNote = draft.kind === "credit_note";
  const prepaidCents = isNote ? total : amounts.prepaid;
  const isPaid = prepaidCents === total;
  const taken = await nextNumber(ctx, account, draft.kind);
  const [issued] = await ctx.db
    .insert(invoices)
    .values({
      organizationId: ctx.organizationId,
      id: newId("invoice", ctx.now),
      kind: draft.kind,
      state: isPaid ? "paid" : "open",
      month: draft.month,
      legalEntityId: entity.id,
      livemode: account.livemode,
      ...taken,
      dueAt: isNote ? null : (draft.dueAt ?? taken.issuedAt),
      currency: account.currency,
      netCents: net,
      taxCents: tax,
      totalCents: total,
      prepaidCents,
      dueCents: total - prepaidCents,
      exactPico,
      thresholdCents: draft.thresholdCents,
      correctsId: draft.corrects?.id,
      reason: draft.reason,
      seller: sellerOf(entity),
      buyer: buyerOf(account),
      notes: [...(draft.notes ?? []), ...(vat.note ? [vat.note] : [])],
      poNumber: draft.poNumber ?? account.poNumber,
      collection: account.collection,
      paidAt: isPaid ? taken.issuedAt : null,
    })
    .returning();
  if (!issued) throw new Error("An issued document has no row.");
  return issued;
}

/** Parts of a document are rounded each by itself; their taxes may not sum to another amount than its own. */
const upTo = (left: Draft["left"], net: bigint, taxes: ReturnType<typeof taxesOf>): typeof taxes =>
  left === undefined
    ? taxes
    : taxes.map((one) => ({ ...one, tax: net === left.net || one.tax > left.tax ? left.tax : one.tax }));

const vatDecision = (account: Account, sellerCountry: string, at: Date): VatDecision =>
  vatFor({
    sellerCountry,
    buyer: {
      type: account.buyerType,
      country: account.address.country,
      postalCode: account.address.postalCode,
      vatId: vatIdOf(account),
    },
    at,
  });

/** What is known of the account's VAT number, and which country gave it; Greece writes EL. */
function vatIdOf({ vatId, vatStatus }: Account): VatQuestion["buyer"]["vatId"] {
  if (!vatId || vatStatus === "none") return null;
  const prefix = vatId.slice(0, 2);
  return { country: prefix === "EL" ? "GR" : prefix, status: vatStatus };
}

const rowOf = (
  { prices, ...line }: DraftLine,
  place: { organizationId: Id<"organization">; invoiceId: Id<"invoice">; line: number },
  amountCents: bigint | undefined,
  { category, rate }: Vat,
): typeof invoiceLines.$inferInsert => ({
  ...place,
  ...line,
  workspaceId: line.workspaceId as Id<"workspace"> | null,
  inputMicros: prices?.inputMicros ?? null,
  cachedInputMicros: prices?.cachedInputMicros ?? null,
  outputMicros: prices?.outputMicros ?? null,
  amountCents: amountCents ?? 0n,
  vatCategory: category,
  vatRate: rate,
});

/**
 * The next number of a series. Its row stays locked until the transaction ends, so a number is given out when its document
 * exists and never otherwise, and later numbers never have an earlier date.
 */
async function nextNumber(ctx: OrganizationContext, { legalEntityId, livemode }: Account, kind: InvoiceKind) {
  const series = seriesOf(kind, livemode);
  const year = ctx.now.getUTCFullYear();
  const [taken] = await ctx.db
    .insert(numberSeries)
    .values({ legalEntityId, series, year, last: 1, lastIssuedAt: ctx.now })
    .onConflictDoUpdate({
      target: [numberSeries.legalEntityId, numberSeries.series, numberSeries.year],
      set: {
        last: sql`${numberSeries.last} + 1`,
        lastIssuedAt: sql`greatest(${numberSeries.lastIssuedAt}, excluded.last_issued_at)`,
      },
    })
    .returning();
  if (!taken) throw new Error("A number series has no row.");
  return { series, seq: taken.last, number: numberOf(series, year, taken.last), issuedAt: taken.lastIssuedAt };
}

const sellerOf = ({
  name,
  address,
  vatId,
  registrationId,
  email,
  iban,
  bic,
}: Awaited<ReturnType<typeof legalEntity>>) => ({
  name,
  address,
  vatId,
  registrationId,
  email,
  iban,
  bic,
});

const buyerOf = ({ name, buyerType: type, address, vatId, emails, organizationId }: Account) => ({
  name,
  type,
  address,
  vatId,
  email: emails[0] ?? "",
  organizationId,
});

async function announce(ctx: OrganizationContext, invoice: Invoice, clause: ClauseId): Promise<void> {
  const { organizationId } = ctx;
  const place = { organizationId, invoiceId: invoice.id };
  await enqueue(ctx, renderDocument, place, { key: invoice.id });
  if (openOf(invoice) > 0n) await enqueue(ctx, collectInvoice, place, { key: invoice.id });
  await publishWebhookEvent(
    ctx,
    invoice.kind === "credit_note" ? "invoice.credited" : "invoice.issued",
    eventOf(invoice),
  );
  await writeAudit(ctx, {
    action: "invoice.issue",
    object: { type: "invoice", id: invoice.id },
    after: { number: invoice.number, kind: invoice.kind, total: eurosOf(invoice.totalCents) },
    clause,
  });
}

/** One document of this organization, locked; it must be there. */
export const lockedInvoice = part(async (ctx: OrganizationContext, id: Id<"invoice">): Promise<Invoice> => {
  const [found] = await ctx.db
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, id)))
    .for("update");
  if (!found) throw new AppError("not_found", "There is no such invoice.");
  return found;
});

type Tally = Partial<Record<"paidCents" | "creditedCents" | "creditUsedCents" | "disputedCents", bigint>>;

/**
 * Adds to what settles a document, and closes it when nothing of it is open any more; one that money was taken back from
 * opens again. Returns it as it is then.
 */
export const tally = part(async (ctx: OrganizationContext, invoice: Invoice, added: Tally): Promise<Invoice> => {
  const after = { ...invoice };
  for (const [name, amount] of Object.entries(added) as [keyof Tally, bigint][]) after[name] += amount;
  const isOpen = openOf(after) > 0n;
  const isVoid = after.creditedCents === after.totalCents && after.paidCents === 0n && after.creditUsedCents === 0n;
  const state = isOpen ? "open" : isVoid ? "void" : "paid";
  const [kept] = await ctx.db
    .update(invoices)
    .set({
      paidCents: after.paidCents,
      creditedCents: after.creditedCents,
      creditUsedCents: after.creditUsedCents,
      disputedCents: after.disputedCents,
      state,
      paidAt: isOpen ? null : (invoice.paidAt ?? ctx.now),
    })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoice.id)))
    .returning();
  if (!kept) throw new Error("A document that was locked is gone.");
  if (after.creditedCents >= after.totalCents) await closeWindow(ctx, invoice);
  if (invoice.state === "open" && state === "paid") await publishWebhookEvent(ctx, "invoice.paid", eventOf(kept));
  return kept;
});
