import { and, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { disputeLines, disputeMessages, disputes } from "#db/schema/disputes.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { formatCents } from "#lib/core/money.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { refreshStanding } from "#lib/domain/billing/dunning/commands.ts";
import { lockedInvoice, tally } from "#lib/domain/billing/invoices/commands.ts";
import { eurosOf, openOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { postEntries } from "#lib/domain/billing/ledger/commands.ts";
import { disputeClosed, disputeOpened } from "#lib/domain/billing/ledger/rules.ts";
import { credit } from "#lib/domain/billing/settlement/commands.ts";
import { cancelDeadline, meetDeadline } from "#lib/domain/deadlines/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { keepFiles } from "./files/commands.ts";
import { decideInput, messageInput, openDisputeInput, staffMessageInput, withdrawInput } from "./input.ts";
import { decidedLetter, messageLetter } from "./letters.ts";
import { disputableLines } from "./queries.ts";
import { disputeRight, firstTooMuch, grossOf, sharesOf } from "./rules.ts";
import type { Dispute } from "./view.ts";

/**
 * T-5.2-DISP: objects to lines of an invoice until the end of the 30th day. The disputed part is not asked for any more
 * while it is open; the rest stays payable. Each line at most what it has left.
 */
export const openDispute = command({
  can: "billing.write",
  within: "organization",
  input: openDisputeInput,
  run: (ctx, { invoiceId, wants, reason, lines }): Promise<Id<"dispute">> =>
    transaction(ctx, async (ctx) => {
      await lockedAccount(ctx);
      const invoice = await lockedInvoice(ctx, invoiceId);
      const right = disputeRight(invoice, (await billingTerms(ctx)).disputeDays, ctx.now);
      if (!right.can) throw new AppError("conflict", right.why, { code: "dispute_closed" });
      const gross = await grossOfLines(ctx, invoice, lines);
      const id = newId("dispute", ctx.now);
      const { organizationId } = ctx;
      await ctx.db.insert(disputes).values({
        organizationId,
        id,
        invoiceId,
        state: "open",
        wants,
        reason,
        openedBy: personOf(ctx.actor).id,
        openedAt: ctx.now,
        amountCents: gross,
      });
      await ctx.db
        .insert(disputeLines)
        .values(lines.map(({ line, amount }) => ({ organizationId, disputeId: id, line, amountCents: amount })));
      await hold(ctx, invoice, id, gross);
      await tell(ctx, { id, invoice, state: "open", amount: gross, credited: 0n });
      await writeAudit(ctx, {
        action: "dispute.open",
        object: { type: "dispute", id },
        after: { number: invoice.number, amount: eurosOf(gross), wants },
        clause: "T-5.2-DISP",
      });
      return id;
    }),
});

/** The gross sum of what is disputed, at most what the document has left; refuses what a line does not have. */
async function grossOfLines(
  ctx: OrganizationContext,
  invoice: Invoice,
  lines: readonly { line: number; amount: bigint }[],
): Promise<bigint> {
  const known = await disputableLines(ctx, invoice.id);
  const tooMuch = firstTooMuch(lines, known);
  if (tooMuch) {
    const most = formatCents(tooMuch.leftCents);
    throw new AppError("invalid", `Of line ${tooMuch.line}, ${most} can be disputed.`, {
      fields: { lines: [`Line ${tooMuch.line}: at most ${most}.`] },
    });
  }
  const net = lines.reduce((sum, { amount }) => sum + amount, 0n);
  const gross = grossOf(net, known[0]?.vatRate ?? 0);
  const left = invoice.totalCents - invoice.creditedCents - invoice.disputedCents;
  return gross < left ? gross : left;
}

/** Takes the disputed part out of what is asked for: as far as it is not paid already. */
async function hold(ctx: OrganizationContext, invoice: Invoice, id: Id<"dispute">, gross: bigint): Promise<void> {
  const open = openOf(invoice) - invoice.disputedCents;
  const held = gross < open ? gross : open;
  if (held <= 0n) return;
  await postEntries(ctx, {
    kind: "dispute-opened",
    key: `dispute:${id}`,
    entries: disputeOpened(held),
    invoiceId: invoice.id,
  });
  await tally(ctx, invoice, { disputedCents: held });
  await refreshStanding(ctx);
}

/** Puts it back, whatever the outcome: what is given back is credited after that. */
async function letGo(ctx: OrganizationContext, invoice: Invoice, id: Id<"dispute">): Promise<Invoice> {
  const [held] = await ctx.db.execute<{ cents: string }>(sql`
    select coalesce(sum(amount_cents), 0)::text as cents from ledger_entries as entry join ledger_transactions as posted
      on posted.organization_id = entry.organization_id and posted.id = entry.transaction_id
    where posted.organization_id = ${ctx.organizationId} and posted.key = ${`dispute:${id}`} and account = 'receivable_disputed'`);
  const known = BigInt(held?.cents ?? 0);
  // Another dispute's credit note may have settled part of it.
  const amount = known < invoice.disputedCents ? known : invoice.disputedCents;
  if (amount === 0n) return invoice;
  await postEntries(ctx, {
    kind: "dispute-closed",
    key: `dispute-closed:${id}`,
    entries: disputeClosed(amount),
    invoiceId: invoice.id,
  });
  return tally(ctx, invoice, { disputedCents: -amount });
}

async function locked(ctx: OrganizationContext, id: Id<"dispute">): Promise<Dispute> {
  const [found] = await ctx.db
    .select()
    .from(disputes)
    .where(and(eq(disputes.organizationId, ctx.organizationId), eq(disputes.id, id)))
    .for("update");
  if (!found) throw new AppError("not_found", "There is no such dispute.");
  if (found.state !== "open") throw new AppError("conflict", "This dispute is decided already.");
  return found;
}

/** The customer takes a dispute back; what was disputed is due again. */
export const withdrawDispute = command({
  can: "billing.write",
  within: "organization",
  input: withdrawInput,
  run: (ctx, { disputeId }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockedAccount(ctx);
      const found = await locked(ctx, disputeId);
      const invoice = await letGo(ctx, await lockedInvoice(ctx, found.invoiceId), disputeId);
      await close(ctx, found, invoice, { state: "withdrawn", credited: 0n, answer: null });
      await writeAudit(ctx, {
        action: "dispute.withdraw",
        object: { type: "dispute", id: disputeId },
        after: { number: invoice.number },
        clause: "T-5.2-DISP",
      });
    }),
});

/** Staff decide: all of it, part of it, or nothing is given back by a credit note. Decided once. */
export const decideDispute = command({
  can: "billing.decide",
  within: "account",
  input: decideInput,
  run: async (ctx, { organizationId, disputeId, outcome, amount, answer }): Promise<void> => {
    await requireLook(ctx, organizationId);
    await transaction(inOrganization(ctx, organizationId), async (ctx) => {
      const account = await lockedAccount(ctx);
      const found = await locked(ctx, disputeId);
      const lines = await ctx.db
        .select()
        .from(disputeLines)
        .where(and(eq(disputeLines.organizationId, organizationId), eq(disputeLines.disputeId, disputeId)));
      const given = givenBack(outcome, amount, lines);
      const invoice = await letGo(ctx, await lockedInvoice(ctx, found.invoiceId), disputeId);
      const shares = { lines: sharesOf(lines, given), reason: answer, clause: "T-5.2-DISP" as const };
      const note = given > 0n ? (await credit(ctx, account, invoice, shares)).note : null;
      const credited = note?.totalCents ?? 0n;
      await close(ctx, found, invoice, { state: outcome, credited, answer, creditNoteId: note?.id ?? null });
      await writeAudit(ctx, {
        action: "dispute.decide",
        object: { type: "dispute", id: disputeId },
        after: { number: invoice.number, outcome, credited: eurosOf(credited), answer },
        clause: "T-5.2-DISP",
      });
      for (const to of await billingReaders(ctx))
        await post(
          ctx,
          decidedLetter({ ctx, to, number: invoice.number, outcome, answer, note: note?.number ?? null }),
        );
    });
  },
});

/** What staff give back, net. Part of it is more than nothing and less than all. */
function givenBack(
  outcome: "accepted" | "partly" | "rejected",
  amount: bigint | undefined,
  lines: readonly { amountCents: bigint }[],
): bigint {
  const whole = lines.reduce((sum, line) => sum + line.amountCents, 0n);
  if (outcome !== "partly") return outcome === "accepted" ? whole : 0n;
  if (!amount || amount >= whole)
    throw new AppError("invalid", `Give back more than nothing and less than ${formatCents(whole)}.`);
  return amount;
}

type Outcome = {
  state: Dispute["state"];
  credited: bigint;
  answer: string | null;
  creditNoteId?: Id<"invoice"> | null;
};

async function close(
  ctx: OrganizationContext,
  { id, amountCents }: Dispute,
  invoice: Invoice,
  { state, credited, answer, creditNoteId = null }: Outcome,
): Promise<void> {
  await ctx.db
    .update(disputes)
    .set({
      state,
      answer,
      creditNoteId,
      // Rounding of VAT can make the note a cent dearer than what was disputed.
      creditedCents: credited < amountCents ? credited : amountCents,
      decidedBy: ctx.actor.id,
      decidedAt: ctx.now,
    })
    .where(and(eq(disputes.organizationId, ctx.organizationId), eq(disputes.id, id)));
  await (state === "withdrawn" ? cancelDeadline : meetDeadline)(ctx, "dispute.answer", id);
  await refreshStanding(ctx);
  await tell(ctx, { id, invoice, state, amount: amountCents, credited });
}

type Told = { id: Id<"dispute">; invoice: Invoice; state: Dispute["state"]; amount: bigint; credited: bigint };

const tell = (ctx: OrganizationContext, { id, invoice, state, amount, credited }: Told): Promise<void> =>
  publishWebhookEvent(ctx, state === "open" ? "dispute.opened" : "dispute.decided", {
    dispute_id: id,
    invoice_id: invoice.id,
    number: invoice.number,
    state,
    amount_eur: eurosOf(amount),
    credited_eur: eurosOf(credited),
  });

/** The customer writes to staff about a dispute. */
export const writeMessage = command({
  can: "billing.write",
  within: "organization",
  input: messageInput,
  run: (ctx, message): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await locked(ctx, message.disputeId);
      await addMessage(ctx, "customer", message);
    }),
});

/** Staff write to the customer about a dispute, who is told by e-mail. */
export const answerDispute = command({
  can: "billing.decide",
  within: "account",
  input: staffMessageInput,
  run: async (ctx, { organizationId, ...message }): Promise<void> => {
    await requireLook(ctx, organizationId);
    await transaction(inOrganization(ctx, organizationId), async (ctx) => {
      const found = await locked(ctx, message.disputeId);
      const files = await addMessage(ctx, "staff", message);
      const { number } = await lockedInvoice(ctx, found.invoiceId);
      const said = { number, body: message.body, files };
      for (const to of await billingReaders(ctx)) await post(ctx, messageLetter({ ctx, to, ...said }));
    });
  },
});

type Written = { disputeId: Id<"dispute">; body: string; files?: readonly File[] | undefined };

/** Keeps a message and tells the names of its files. */
async function addMessage(ctx: OrganizationContext, from: "customer" | "staff", written: Written): Promise<string[]> {
  const { disputeId, body, files = [] } = written;
  const id = newId("disputeMessage", ctx.now);
  const { organizationId } = ctx;
  await ctx.db
    .insert(disputeMessages)
    .values({ organizationId, id, disputeId, from, authorName: ctx.actor.name, body, at: ctx.now });
  const kept = await keepFiles(ctx, { disputeId, messageId: id }, files);
  await writeAudit(ctx, {
    action: "dispute.write",
    object: { type: "dispute", id: disputeId },
    after: { message: id, files: kept.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256})`) },
    clause: "T-5.2-DISP",
  });
  return kept.map(({ name }) => name);
}
