import { and, eq, gte, ne, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { sandboxObjects } from "#db/schema/sandbox.ts";
import { addDays } from "#lib/core/clock.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { cents } from "#lib/core/money.ts";
import { refuseTooSmall, tooSmall } from "./amounts.ts";
import type { Attempt, ChargeResult, HostedPage, PaymentProvider, ProviderPayment, RefundResult } from "./port.ts";
import { change, find, findByKey, type Kept, keys, lock, make, member, type SandboxPayment } from "./sandbox/books.ts";
import { hostedPage, hostedState, methodOf, outcomeOf, resultOf, stateOf } from "./sandbox/outcomes.ts";

type Options = {
  /** The owner's connection: a tenant's role cannot see another party's books. */
  db: () => Db;
  now: () => Date;
  /** The public address of a path of ours. */
  link: (path: string) => string;
};

const minimum = cents(50n);

/** A provider with test numbers, made for the demo and for tests: it keeps books of its own, and no money moves. */
class Sandbox {
  readonly id = "sandbox";
  readonly livemode = false;
  readonly capabilities = { offSession: true, hostedSetup: true, refunds: true, chargebacks: true };
  readonly minimumCharge = minimum;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  ensureCustomer: PaymentProvider["ensureCustomer"] = async ({ organizationId, name, email, country }) => {
    const { db, now } = this.#options;
    const body = { name, email, country };
    const customer = await make(db(), "customer", { key: keys.customer(organizationId), body, now: now() });
    if (!customer.isNew) await change(db(), "customer", customer, body);
    return { ref: customer.id };
  };

  beginSetup: PaymentProvider["beginSetup"] = async ({ id, customerRef, returnUrl }) =>
    this.#open(this.#options.db(), id, {
      mode: "setup",
      customerRef,
      paymentRef: null,
      invoiceNumber: null,
      returnUrl,
    });

  beginPayment: PaymentProvider["beginPayment"] = async (attempt, returnUrl) =>
    this.#options.db().transaction(async (tx) => {
      refuseTooSmall(attempt, minimum);
      const awaited = { state: "requires_action", code: "authentication_required" } as const;
      const { id } = await make(tx, "payment", {
        key: keys.payment(attempt.id),
        body: { ...paymentOf(attempt), ...awaited },
        now: this.#options.now(),
      });
      const payment = await lock(tx, "payment", id);
      if (payment?.body.state !== "requires_action" || !isSame(payment.body, attempt))
        throw new AppError("conflict", "This payment is decided already.");
      const page = await this.#open(tx, attempt.id, {
        mode: "payment",
        customerRef: attempt.customerRef,
        paymentRef: id,
        invoiceNumber: attempt.invoiceNumber,
        returnUrl,
      });
      await change(tx, "payment", payment, { pageRef: page.ref });
      return page;
    });

  async #open(
    db: Db,
    id: string,
    page: Omit<Kept<"page">["body"], "methodRef" | "state" | "expiresAt">,
  ): Promise<HostedPage> {
    const now = this.#options.now();
    const made = await make(db, "page", {
      key: keys.page(id),
      body: { ...page, methodRef: null, state: "open", expiresAt: addDays(now, 1).toISOString() },
      now,
    });
    if (made.body.mode !== page.mode || made.body.customerRef !== page.customerRef)
      throw new AppError("conflict", "This page belongs to something else.");
    return hostedPage(made, this.#address(made.id));
  }

  #address(pageRef: string): string {
    return this.#options.link(`/sandbox-pay/${pageRef}`);
  }

  pageState: PaymentProvider["pageState"] = async (ref) => {
    const page = await find(this.#options.db(), "page", ref);
    if (!page) throw new AppError("not_found", "There is no such page.");
    return hostedState(page.body, this.#options.now());
  };

  expirePage: PaymentProvider["expirePage"] = async (ref) => {
    const { db, now } = this.#options;
    return db().transaction(async (tx) => {
      const page = await lock(tx, "page", ref);
      if (!page) throw new AppError("not_found", "There is no such page.");
      if (page.body.state !== "open") return hostedState(page.body, now());
      if (page.body.paymentRef) await cancelPayment(tx, page.body.paymentRef);
      return hostedState(await change(tx, "page", page, { state: "expired" }), now());
    });
  };

  method: PaymentProvider["method"] = async (ref) => {
    const method = await find(this.#options.db(), "method", ref);
    return method && methodOf(method);
  };

  detach: PaymentProvider["detach"] = async (ref) => {
    await this.#options.db().transaction(async (tx) => {
      const method = await lock(tx, "method", ref);
      if (method) await change(tx, "method", method, { customerRef: null });
    });
  };

  charge: PaymentProvider["charge"] = async (attempt) => {
    if (attempt.amount < minimum) return tooSmall;
    const { db, now } = this.#options;
    const method = attempt.methodRef ? await find(db(), "method", attempt.methodRef) : null;
    const outcome = outcomeOf(method?.body ?? null, { customerRef: attempt.customerRef, now: now() });
    const body = { ...paymentOf(attempt), ...outcome, habit: method?.body.habit ?? null };
    const payment = await make(db(), "payment", { key: keys.payment(attempt.id), body, now: now() });
    if (!payment.isNew && !isSame(payment.body, attempt)) return mixedUp(attempt);
    return this.#resultOf(db(), payment);
  };

  lookup: PaymentProvider["lookup"] = async (attempt) => {
    const db = this.#options.db();
    const payment = await findByKey(db, "payment", keys.payment(attempt.id));
    if (!payment) return "not_found";
    return isSame(payment.body, attempt) ? this.#resultOf(db, payment) : mixedUp(attempt);
  };

  /** One that was never asked for is noted as canceled, so that a charge on its way finds that. */
  cancel: PaymentProvider["cancel"] = async (attempt) => {
    const { db, now } = this.#options;
    const body = { ...paymentOf(attempt), state: "canceled" as const, code: null };
    const { id } = await make(db(), "payment", { key: keys.payment(attempt.id), body, now: now() });
    const payment = await find(db(), "payment", id);
    if (payment?.body.pageRef) await this.expirePage(payment.body.pageRef);
    const canceled = await db().transaction((tx) => cancelPayment(tx, id));
    return this.#resultOf(db(), canceled);
  };

  /** A payment whose page is over without having been paid is over too. */
  async #resultOf(db: Db, payment: Kept<"payment">): Promise<ChargeResult> {
    const { pageRef, state } = payment.body;
    const page = pageRef ? await find(db, "page", pageRef) : null;
    if (page && state === "requires_action" && stateOf(page.body, this.#options.now()) === "expired") {
      await this.expirePage(page.id);
      return resultOf((await find(db, "payment", payment.id)) ?? payment, null, null);
    }
    return resultOf(payment, page, page && this.#address(page.id));
  }

  refund: PaymentProvider["refund"] = async ({ id, paymentRef, amount }) => {
    const { db, now } = this.#options;
    return db().transaction(async (tx): Promise<RefundResult> => {
      const payment = await lock(tx, "payment", paymentRef);
      const known = await findByKey(tx, "refund", keys.refund(id));
      if (known) return refundOf(known);
      const code = payment ? await refusalOf(tx, payment, amount) : "resource_missing";
      const state = code === null ? ("succeeded" as const) : ("failed" as const);
      const body = { refundId: id, paymentRef, amount: String(amount), state, code };
      return refundOf(await make(tx, "refund", { key: keys.refund(id), body, now: now() }));
    });
  };

  lookupRefund: PaymentProvider["lookupRefund"] = async ({ id }) => {
    const refund = await findByKey(this.#options.db(), "refund", keys.refund(id));
    return refund ? refundOf(refund) : "not_found";
  };

  chargeback: PaymentProvider["chargeback"] = async (ref) => {
    const dispute = await find(this.#options.db(), "chargeback", ref);
    if (!dispute) return null;
    const { paymentRef, amount, state } = dispute.body;
    return { ref, paymentRef, amount: cents(BigInt(amount)), state };
  };

  /** Its events are what the functions of its pages and its jobs return; nothing arrives from outside. */
  verifyEvent: PaymentProvider["verifyEvent"] = () => {
    throw new AppError("invalid", "The sandbox sends nothing.", { code: "not_offered" });
  };

  paymentsSince: PaymentProvider["paymentsSince"] = async (since) => {
    const rows = await this.#options
      .db()
      .select()
      .from(sandboxObjects)
      .where(and(eq(sandboxObjects.kind, "payment"), gte(sandboxObjects.createdAt, since)))
      .orderBy(sandboxObjects.createdAt, sandboxObjects.id);
    return rows.map(({ id, body }): ProviderPayment => {
      const { attemptId, amount, state } = body as SandboxPayment;
      return { ref: id, attemptId, amount: cents(BigInt(amount)), state };
    });
  };
}

export const sandboxProvider = (options: Options): PaymentProvider => new Sandbox(options);

const paymentOf = (attempt: Attempt): Omit<SandboxPayment, "state" | "code"> => ({
  attemptId: attempt.id,
  customerRef: attempt.customerRef,
  amount: String(attempt.amount),
  methodRef: attempt.methodRef,
  pageRef: null,
  habit: null,
});

const isSame = (payment: SandboxPayment, { amount, customerRef }: Attempt): boolean =>
  payment.amount === String(amount) && payment.customerRef === customerRef;

function mixedUp({ id }: Attempt): ChargeResult {
  logError("payment_key_reused", new Fault("An attempt was sent again with another amount or customer."), { id });
  return { kind: "unknown" };
}

async function cancelPayment(tx: Db, id: string): Promise<Kept<"payment">> {
  const payment = await lock(tx, "payment", id);
  if (!payment) throw new Fault(`The sandbox has no payment ${id}.`);
  if (payment.body.state !== "requires_action") return payment;
  return { ...payment, body: await change(tx, "payment", payment, { state: "canceled" }) };
}

/** Why a refund cannot be; the payment is locked, so that two of them cannot both have the rest. */
async function refusalOf(tx: Db, payment: Kept<"payment">, amount: bigint): Promise<string | null> {
  if (payment.body.state !== "succeeded") return "payment_not_succeeded";
  const [sum] = await tx
    .select({ refunded: sql<string>`coalesce(sum((${member("amount")})::numeric), 0)::text` })
    .from(sandboxObjects)
    .where(and(eq(sandboxObjects.kind, "refund"), eq(member("paymentRef"), payment.id), ne(member("state"), "failed")));
  const left = BigInt(payment.body.amount) - BigInt(sum?.refunded ?? 0);
  return amount > 0n && amount <= left ? null : "amount_too_large";
}

const refundOf = ({ id, body }: Kept<"refund">): RefundResult =>
  body.state === "succeeded"
    ? { kind: "succeeded", ref: id }
    : { kind: "failed", ref: id, code: body.code ?? "failed" };
