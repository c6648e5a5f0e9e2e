import type { Db, Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { collect, lookUpPayments } from "#lib/domain/payments/attempts/commands.ts";
import { receiveEvent, workOffEvent } from "#lib/domain/payments/inbox/commands.ts";
import { waitingEvents } from "#lib/domain/payments/inbox/queries.ts";
import { beginSetup, completePage } from "#lib/domain/payments/pages/commands.ts";
import { asSystem, openInvoices, systemAt, testCustomer, use } from "./billing.ts";
import { StripeStandIn } from "./stripe/server.ts";
import type { DeliveryPlan } from "./stripe/webhooks.ts";

export const card = "4242424242424242";

export type Debtor = { ctx: Context; invoiceId: Id<"invoice"> };

/** For tests: organizations that owe money and pay through the stand-in for Stripe, whose clock is theirs. */
export class Debtors {
  readonly standIn: StripeStandIn;
  readonly #db: Db;
  readonly #sql: Sql;

  private constructor(db: Db, sql: Sql, standIn: StripeStandIn) {
    this.#db = db;
    this.#sql = sql;
    this.standIn = standIn;
  }

  static async open(db: Db, sql: Sql): Promise<Debtors> {
    // Ahead of the real clock, which the provider judges the age of attempts by.
    const standIn = await StripeStandIn.start(Date.UTC(2031, 10, 10));
    Object.assign(env(), {
      STRIPE_SECRET_KEY: standIn.secretKey,
      STRIPE_WEBHOOK_SECRET: [standIn.webhookSecret],
      STRIPE_API_BASE: standIn.url,
    });
    return new Debtors(db, sql, standIn);
  }

  now(): Date {
    return new Date(this.standIn.books.now() * 1000);
  }

  house(): AccountContext {
    return systemAt(this.#db, this.now());
  }

  /** The house itself, for one of them. */
  within({ ctx }: Pick<Debtor, "ctx">) {
    return asSystem(ctx, this.#db, this.now());
  }

  /** A person enters a number on a page of the provider's and comes back. */
  async enter(ctx: Context, number: string): Promise<void> {
    const ref = new URL(await beginSetup(ctx, { returnTo: "/billing" })).pathname.split("/").at(-1) ?? "";
    if (!this.standIn.enter(ref, { number })) throw new Error(`The number ${number} was declined.`);
    const [page] = await this.#sql<{ id: Id<"hostedPage"> }[]>`select id from hosted_pages where ref = ${ref}`;
    if (page) await completePage(ctx, page.id);
    this.standIn.webhooks.take();
  }

  /** An organization that owes an advance of 60 euros, VAT included. */
  async owing(number = card): Promise<Debtor> {
    const ctx = await testCustomer(this.#db, { at: this.now() });
    await this.enter(ctx, number);
    await use(this.#sql, ctx, 60, this.now());
    await issueAdvances(this.house());
    const [open] = await openInvoices(this.#sql, ctx);
    if (!open) throw new Error("No advance was issued.");
    return { ctx, invoiceId: open.id };
  }

  /** The same who has paid it, and by which of the provider's payments. */
  async paid(number = card): Promise<Debtor & { paymentId: Id<"payment">; ref: string }> {
    const debtor = await this.owing(number);
    await this.charge(debtor);
    const [paid] = await this.#sql`select id, ref from payments where organization_id = ${debtor.ctx.organizationId}`;
    return { ...debtor, paymentId: paid?.id, ref: paid?.ref };
  }

  charge(debtor: Debtor) {
    return collect(this.within(debtor), debtor.invoiceId);
  }

  attempts({ ctx }: Pick<Debtor, "ctx">) {
    return this.#sql`select attempt, state, error_code as code from payments
      where organization_id = ${ctx.organizationId} order by attempt`;
  }

  async cashOf({ ctx }: Pick<Debtor, "ctx">): Promise<number> {
    const [row] = await this.#sql`select coalesce(sum(amount_cents), 0)::int as cents from ledger_entries
      where organization_id = ${ctx.organizationId} and account = 'cash'`;
    return row?.cents;
  }

  /** Looks up what is open, a while later. */
  async later(minutes = 3): Promise<void> {
    this.standIn.books.advance(minutes * 60_000);
    await lookUpPayments(this.house());
  }

  /** What the provider has told arrives and is worked off. */
  async deliver(plan: DeliveryPlan = {}): Promise<void> {
    for (const { body, signature } of this.standIn.webhooks.take(plan))
      await receiveEvent(this.house(), "stripe", body, signature);
    for (const { eventId } of await waitingEvents(this.house())) await workOffEvent(this.house(), "stripe", eventId);
  }
}
