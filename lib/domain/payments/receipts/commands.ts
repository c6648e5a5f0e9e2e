import { and, eq } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { bankReceipts, payments } from "#db/schema/payments.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { dayOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { lockedInvoice } from "#lib/domain/billing/invoices/commands.ts";
import { eurosOf } from "#lib/domain/billing/invoices/rules.ts";
import { receive } from "#lib/domain/billing/settlement/commands.ts";
import { addAttempt } from "#lib/domain/payments/attempts/commands.ts";
import { receiptInput } from "./input.ts";

/** Staff record money that came by bank transfer. A bank's reference counts once; what is too much becomes credit. */
export const recordReceipt = command({
  can: "billing.decide",
  within: "account",
  input: receiptInput,
  run: async (ctx, { organizationId, invoiceId, amount, valueDate, bankRef }): Promise<void> => {
    if (valueDate > dayOf(ctx.now)) throw new AppError("invalid", "The value date is still to come.");
    await transaction(inOrganization(ctx, organizationId), async (ctx) => {
      const account = await lockedAccount(ctx);
      const invoice = await lockedInvoice(ctx, invoiceId);
      if (invoice.kind === "credit_note") throw new AppError("conflict", "A credit note is not paid.");
      const { id: paymentId } = await addAttempt(ctx, { ...account, provider: "manual" }, invoice, {
        kind: "transfer",
        amount,
      });
      const [kept] = await ctx.db
        .insert(bankReceipts)
        .values({
          organizationId,
          id: newId("receipt", ctx.now),
          invoiceId,
          paymentId,
          bankRef,
          amountCents: amount,
          valueDate,
          recordedBy: ctx.actor.id,
          recordedAt: ctx.now,
        })
        .onConflictDoNothing({ target: bankReceipts.bankRef })
        .returning({ id: bankReceipts.id });
      if (!kept)
        throw new AppError("conflict", `A transfer with the bank's reference ${bankRef} is recorded already.`, {
          fields: { bankRef: ["It is recorded already."] },
        });
      await ctx.db
        .update(payments)
        .set({ state: "succeeded", settledAt: ctx.now, ref: bankRef })
        .where(and(eq(payments.organizationId, organizationId), eq(payments.id, paymentId)));
      await receive(ctx, invoice, { amount, paymentId });
      await writeAudit(ctx, {
        action: "payment.record",
        object: { type: "invoice", id: invoiceId },
        after: { number: invoice.number, amount: eurosOf(amount), bankRef, valueDate },
        clause: "T-5.2-BILL",
      });
    });
  },
});
