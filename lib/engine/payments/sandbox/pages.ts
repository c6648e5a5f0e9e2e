import { and, eq, lte, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { sandboxObjects } from "#db/schema/sandbox.ts";
import { addMinutes, now as clockNow } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { type Cents, cents } from "#lib/core/money.ts";
import type { Method, ProviderEvent } from "#lib/engine/payments/port.ts";
import { change, find, type Kept, keys, lock, make, member, type SandboxPayment } from "./books.ts";
import { isExpired, type SandboxMethodInput } from "./cards.ts";
import { chargebackEvent, methodOf, outcomeOf, pageEvent, paymentEvent, stateOf } from "./outcomes.ts";

/** What a page of the sandbox shows. */
export type SandboxPageView = {
  ref: string;
  mode: "setup" | "payment";
  state: "open" | "complete" | "expired";
  /** What the person has to do next: enter a number, or confirm the one that was entered. */
  needs: "method" | "confirmation";
  amount: Cents | null;
  invoiceNumber: string | null;
  method: Method | null;
  returnUrl: string;
};

export async function sandboxPage(db: Db, ref: string, now = clockNow()): Promise<SandboxPageView | null> {
  const page = await find(db, "page", ref);
  if (!page) return null;
  const payment = page.body.paymentRef ? await find(db, "payment", page.body.paymentRef) : null;
  const methodRef = payment?.body.methodRef ?? page.body.methodRef;
  const method = methodRef ? await find(db, "method", methodRef) : null;
  const { mode, invoiceNumber, returnUrl } = page.body;
  const state = stateOf(page.body, now);
  const needs = payment && method?.body.habit === "needs_confirmation" ? "confirmation" : "method";
  return {
    ref,
    mode,
    state,
    needs,
    amount: payment ? cents(BigInt(payment.body.amount)) : null,
    invoiceNumber,
    // The one that was saved before is no answer to a page that asks for another.
    method: method && (state !== "open" || needs === "confirmation") ? methodOf(method) : null,
    returnUrl,
  };
}

/** The page is locked, so that a second click waits and then finds it done. */
async function onPage(
  db: Db,
  ref: string,
  work: (tx: Db, page: Kept<"page">) => Promise<ProviderEvent>,
  now: Date,
): Promise<ProviderEvent> {
  return db.transaction(async (tx) => {
    const page = await lock(tx, "page", ref);
    if (!page) throw new AppError("not_found", "There is no such page.");
    const state = stateOf(page.body, now);
    if (state === "expired") throw new AppError("conflict", "This page has expired.");
    if (state === "open") return work(tx, page);
    const payment = page.body.paymentRef ? await find(tx, "payment", page.body.paymentRef) : null;
    return payment ? paymentEvent(payment.id, payment.body) : pageEvent(ref, page.body);
  });
}

const refused = (message: string): never => {
  throw new AppError("invalid", message, { fields: { number: [message] }, code: "card_declined" });
};

/**
 * A person entered a number. On a page for a payment it is charged at once; one that has to be confirmed waits for
 * `confirmSandboxPayment`. A declined number leaves the page open, for another.
 */
export async function enterSandboxMethod(
  db: Db,
  ref: string,
  input: SandboxMethodInput,
  now = clockNow(),
): Promise<ProviderEvent> {
  if (isExpired(input, now)) refused("This card has expired.");
  return onPage(db, ref, (tx, page) => (page.body.mode === "setup" ? keepMethod : payWith)(tx, page, input, now), now);
}

async function keepMethod(tx: Db, page: Kept<"page">, input: SandboxMethodInput, now: Date): Promise<ProviderEvent> {
  if (input.isRefusedAtEntry) refused(wordsOf(input.habit));
  const method = await makeMethod(tx, page, input, now);
  return pageEvent(page.id, await change(tx, "page", page, { state: "complete", methodRef: method.id }));
}

async function payWith(tx: Db, page: Kept<"page">, input: SandboxMethodInput, now: Date): Promise<ProviderEvent> {
  const payment = await lock(tx, "payment", page.body.paymentRef ?? "");
  if (payment?.body.state !== "requires_action") throw new AppError("conflict", "This payment is decided already.");
  const method = await makeMethod(tx, page, input, now);
  const outcome = outcomeOf(method.body, { customerRef: page.body.customerRef, now });
  if (outcome.state === "failed") refused(wordsOf(input.habit));
  const paid = await change(tx, "payment", payment, { ...outcome, methodRef: method.id, habit: input.habit });
  if (paid.state !== "requires_action") await change(tx, "page", page, { state: "complete" });
  return paymentEvent(payment.id, paid);
}

const wordsOf = (habit: SandboxMethodInput["habit"]): string =>
  habit === "insufficient_funds" ? "This card has insufficient funds." : "This card was declined.";

function makeMethod(tx: Db, page: Kept<"page">, input: SandboxMethodInput, now: Date) {
  const { type, brand, last4, expMonth, expYear, habit } = input;
  const body = { customerRef: page.body.customerRef, type, brand, last4, expMonth, expYear, habit };
  return make(tx, "method", { key: null, body, now });
}

/** A person confirmed a payment, or refused to; refusing ends the attempt and its page. */
export async function confirmSandboxPayment(
  db: Db,
  ref: string,
  outcome: "confirmed" | "refused",
  now = clockNow(),
): Promise<ProviderEvent> {
  const decide = async (tx: Db, page: Kept<"page">): Promise<ProviderEvent> => {
    const payment = page.body.paymentRef ? await lock(tx, "payment", page.body.paymentRef) : null;
    const method = payment?.body.methodRef ? await find(tx, "method", payment.body.methodRef) : null;
    if (payment?.body.state !== "requires_action" || method?.body.habit !== "needs_confirmation")
      throw new AppError("conflict", "There is nothing to confirm yet.");
    const isConfirmed = outcome === "confirmed";
    const decided: Partial<SandboxPayment> = isConfirmed
      ? { state: "succeeded", code: null }
      : { state: "failed", code: "authentication_failed" };
    await change(tx, "page", page, { state: isConfirmed ? "complete" : "expired" });
    return paymentEvent(payment.id, await change(tx, "payment", payment, decided));
  };
  return onPage(db, ref, decide, now);
}

const debitMinutes = 1;

/** Debits that are old enough come to their end. A bank takes days; a demo is watched. */
export async function settleSandboxDebits(db: Db, now: Date): Promise<ProviderEvent[]> {
  return eachPayment(db, { state: "processing", before: addMinutes(now, -debitMinutes) }, async (tx, payment) => {
    const settled: Partial<SandboxPayment> =
      payment.body.habit === "debit_fails"
        ? { state: "failed", code: "insufficient_funds" }
        : { state: "succeeded", code: null };
    return paymentEvent(payment.id, await change(tx, "payment", payment, settled));
  });
}

/** Payments of the card that disputes get their chargeback, each once. */
export async function openSandboxChargebacks(db: Db, now: Date): Promise<ProviderEvent[]> {
  const due = { state: "succeeded", habit: "disputed", before: addMinutes(now, -debitMinutes) } as const;
  return eachPayment(db, due, async (tx, { id, body }) => {
    const dispute = { paymentRef: id, amount: body.amount, state: "needs_response" as const };
    const { id: ref, isNew } = await make(tx, "chargeback", { key: keys.chargeback(id), body: dispute, now });
    return isNew ? chargebackEvent(ref, id, dispute.state) : null;
  });
}

export async function decideSandboxChargeback(db: Db, ref: string, state: "won" | "lost"): Promise<ProviderEvent> {
  return db.transaction(async (tx) => {
    const dispute = await lock(tx, "chargeback", ref);
    if (!dispute) throw new AppError("not_found", "There is no such chargeback.");
    const isOpen = dispute.body.state === "needs_response" || dispute.body.state === "under_review";
    const body = isOpen ? await change(tx, "chargeback", dispute, { state }) : dispute.body;
    return chargebackEvent(ref, body.paymentRef, body.state);
  });
}

type Due = { state: SandboxPayment["state"]; habit?: SandboxPayment["habit"]; before: Date };

/** What another process is at is left to it. */
async function eachPayment(
  db: Db,
  { state, habit, before }: Due,
  work: (tx: Db, payment: Kept<"payment">) => Promise<ProviderEvent | null>,
): Promise<ProviderEvent[]> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(sandboxObjects)
      .where(
        and(
          eq(sandboxObjects.kind, "payment"),
          lte(sandboxObjects.createdAt, before),
          eq(member("state"), state),
          habit ? eq(member("habit"), habit) : sql`true`,
        ),
      )
      .orderBy(sandboxObjects.createdAt, sandboxObjects.id)
      .for("update", { skipLocked: true });
    const events: ProviderEvent[] = [];
    for (const { id, body, createdAt } of rows) {
      const event = await work(tx, { id, body: body as SandboxPayment, createdAt });
      if (event) events.push(event);
    }
    return events;
  });
}
