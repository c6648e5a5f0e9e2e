import type Stripe from "stripe";
import { type Books, invalid, Refusal } from "./books.ts";
import { type Form, formIn, labelsIn, listIn, textIn } from "./form.ts";
import { waysOf } from "./methods.ts";

type Decline = { code: string; decline_code?: string; message: string };

const declineOf = (declineCode: string): Decline => ({
  code: "card_declined",
  decline_code: declineCode,
  message: "Your card was declined.",
});
const wantsPerson: Decline = {
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

export function makeIntent(
  books: Books,
  parts: { amount: number; customer: string | null; metadata: Record<string, string>; description: string | null },
): Stripe.PaymentIntent {
  const intent = books.make("payment_intent", {
    ...parts,
    currency: "eur",
    capture_method: "automatic",
    confirmation_method: "automatic",
    payment_method_types: ["card", "sepa_debit"],
    status: "requires_payment_method",
  } satisfies Partial<Stripe.PaymentIntent>);
  intent.client_secret = `${intent.id}_secret_x`;
  return intent;
}

export function createIntent(books: Books, form: Form): Stripe.PaymentIntent {
  const amount = Number(form.amount);
  if (form.currency !== "eur") throw invalid("currency_not_supported", "Only euros.", { param: "currency" });
  if (amount < 50) throw invalid("amount_too_small", "Amount must be at least €0.50 eur", { param: "amount" });
  const allowed = listIn(form, "allowed_payment_method_types");
  if (formIn(form, "automatic_payment_methods").enabled !== undefined && allowed.length > 0)
    throw invalid("parameter_invalid", "Both ways to choose methods.", { param: "allowed_payment_method_types" });
  const customer = books.find("customer", textIn(form, "customer"), "customer").id;
  const method = books.find("payment_method", textIn(form, "payment_method"), "payment_method");
  if (method.customer !== customer)
    throw invalid("payment_method_unexpected_state", "The method belongs to no or another customer.", {
      param: "payment_method",
    });
  const intent = makeIntent(books, {
    amount,
    customer,
    metadata: labelsIn(form),
    description: textIn(form, "description"),
  });
  books.tell("payment_intent.created", intent);
  if (form.confirm === "true") confirm(books, intent, method, form.off_session !== undefined);
  return intent;
}

/** Charges a method. A refusal is thrown as Stripe answers it: 402, with the intent inside. */
export function confirm(
  books: Books,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  isOffSession: boolean,
): void {
  const { declines, authenticates, debit } = waysOf(method);
  intent.payment_method = method.id;
  intent.last_payment_error = null;
  if (isExpired(books, method))
    throw refused(books, intent, method, { ...declineOf("expired_card"), code: "expired_card" });
  if (declines) throw refused(books, intent, method, declineOf(declines));
  if (authenticates && isOffSession) throw refused(books, intent, method, wantsPerson);
  if (authenticates) {
    intent.status = "requires_action";
    books.tell("payment_intent.requires_action", intent);
  } else if (debit) {
    intent.status = "processing";
    intent.latest_charge = books.nextId("py");
    books.tell("payment_intent.processing", intent);
  } else succeed(books, intent);
}

export function succeed(books: Books, intent: Stripe.PaymentIntent): void {
  intent.status = "succeeded";
  intent.amount_received = intent.amount;
  intent.latest_charge ??= books.nextId("ch");
  intent.last_payment_error = null;
  books.tell("payment_intent.succeeded", intent);
}

function refused(books: Books, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod, decline: Decline): Refusal {
  intent.status = "requires_payment_method";
  intent.payment_method = null;
  const error = { type: "card_error", ...decline, charge: books.nextId("ch") };
  intent.last_payment_error = { ...error, payment_method: method } as unknown as Stripe.PaymentIntent.LastPaymentError;
  books.tell("payment_intent.payment_failed", intent);
  return new Refusal(402, { ...error, payment_intent: structuredClone(intent) });
}

/** A debit that comes back: the attempt has failed, long after it was taken. */
export function bounce(books: Books, intent: Stripe.PaymentIntent): void {
  intent.status = "requires_payment_method";
  const error = { type: "card_error", code: "payment_intent_payment_attempt_failed", message: "The payment failed." };
  intent.last_payment_error = {
    ...error,
    decline_code: "insufficient_funds",
  } as unknown as Stripe.PaymentIntent.LastPaymentError;
  books.tell("payment_intent.payment_failed", intent);
}

export function cancelIntent(
  books: Books,
  intent: Stripe.PaymentIntent,
  reason: string | null = null,
): Stripe.PaymentIntent {
  const isOnPage = books
    .all("checkout.session")
    .some(({ status, payment_intent: paid }) => status === "open" && paid === intent.id);
  if (isOnPage || ["succeeded", "processing", "canceled"].includes(intent.status))
    throw invalid("payment_intent_unexpected_state", `It has the status ${intent.status}.`, {
      payment_intent: structuredClone(intent),
    });
  intent.status = "canceled";
  intent.canceled_at = books.now();
  intent.cancellation_reason = reason as Stripe.PaymentIntent.CancellationReason | null;
  books.tell("payment_intent.canceled", intent);
  return intent;
}

function isExpired(books: Books, { card }: Stripe.PaymentMethod): boolean {
  return card != null && books.now() * 1000 >= Date.UTC(card.exp_year, card.exp_month, 1);
}
