import { and, eq, isNotNull, lte } from "drizzle-orm";
import { invoices } from "#db/schema/billing.ts";
import { dunningSteps } from "#db/schema/payments.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { reminderLetter } from "#lib/domain/billing/dunning/letters.ts";
import { dueSteps } from "#lib/domain/billing/dunning/rules.ts";
import { lockedInvoice } from "#lib/domain/billing/invoices/commands.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { chargeable, collect } from "#lib/domain/payments/attempts/commands.ts";
import { paymentsOf } from "#lib/domain/payments/attempts/queries.ts";

/** Takes the steps of dunning that are due: a new attempt where that can help, a letter where it cannot. Returns how many. */
export const dun = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const open = await ctx.db
      .select({ organizationId: invoices.organizationId, id: invoices.id })
      .from(invoices)
      .where(and(eq(invoices.state, "open"), isNotNull(invoices.dueAt), lte(invoices.dueAt, ctx.now)));
    let taken = 0;
    for (const { organizationId, id } of open)
      taken += await dunOne(inOrganization(ctx, organizationId), id).catch((error: unknown) => {
        logError("payments.dun", error, { invoice: id });
        return 0;
      });
    return taken;
  },
});

/** The steps are noted before anything is done, so that a crash leaves one out rather than taking it twice. */
async function dunOne(ctx: OrganizationContext, id: Invoice["id"]): Promise<number> {
  const step = await transaction(ctx, (ctx) => noteStep(ctx, id));
  if (step === null) return 0;
  const { invoice, day, does } = step;
  if (does === "charged" && (await collect(ctx, id)) === "charged") return 1;
  // The invoice itself went out on the first day.
  if (day > 0)
    await transaction(ctx, async (ctx) => {
      const about = { ctx, number: invoice.number, amount: collectibleOf(invoice), day };
      for (const to of await billingReaders(ctx)) await post(ctx, reminderLetter({ ...about, to }));
    });
  return 1;
}

async function noteStep(ctx: OrganizationContext, id: Invoice["id"]) {
  await lockedAccount(ctx);
  const invoice = await lockedInvoice(ctx, id);
  // T-5.2-DISP: what is disputed is not asked for.
  if (invoice.state !== "open" || !invoice.dueAt || collectibleOf(invoice) === 0n) return null;
  const its = and(eq(dunningSteps.organizationId, ctx.organizationId), eq(dunningSteps.invoiceId, id));
  const taken = await ctx.db.select({ day: dunningSteps.day }).from(dunningSteps).where(its);
  const due = dueSteps(
    invoice.dueAt,
    taken.map(({ day }) => day),
    ctx.now,
  );
  const day = due.at(-1);
  if (day === undefined) return null;
  const [last] = await paymentsOf(ctx, id);
  // After a decline that will come again, trying the same method is useless: a person has to do something.
  const method = await chargeable(ctx);
  const isHopeless = last?.state === "failed" && last.advice !== "retry_later" && last.methodId === method?.id;
  const does = isHopeless || last?.state === "requires_action" ? "asked" : "charged";
  await ctx.db.insert(dunningSteps).values(
    due.map((step) => ({
      organizationId: ctx.organizationId,
      invoiceId: id,
      day: step,
      at: ctx.now,
      did: step === day ? (does as "asked" | "charged") : ("skipped" as const),
    })),
  );
  return { invoice, day, does };
}
