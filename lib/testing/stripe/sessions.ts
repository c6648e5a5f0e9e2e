import type Stripe from "stripe";
import { type Books, invalid, Refusal } from "./books.ts";
import { type Form, formIn, labelsIn, textIn } from "./form.ts";
import { cancelIntent, confirm, makeIntent, succeed } from "./intents.ts";
import { type Entered, enterMethod, waysOf } from "./methods.ts";

const daySeconds = 86_400;

export function createSession(books: Books, form: Form, origin: string): Stripe.Checkout.Session {
  const mode = form.mode === "setup" ? "setup" : "payment";
  if (form.ui_mode !== "hosted_page" || !textIn(form, "success_url"))
    throw invalid("parameter_missing", "A hosted page needs success_url.", { param: "success_url" });
  const customer = books.find("customer", textIn(form, "customer"), "customer").id;
  const amount = mode === "payment" ? amountOf(form) : null;
  const intended = formIn(form, mode === "setup" ? "setup_intent_data" : "payment_intent_data");
  const setup =
    mode === "setup"
      ? books.make("setup_intent", {
          customer,
          metadata: labelsIn(intended),
          payment_method_types: ["card", "sepa_debit"],
          status: "requires_payment_method",
          usage: "off_session",
        } satisfies Partial<Stripe.SetupIntent>)
      : null;
  const session = books.make("checkout.session", {
    mode,
    customer,
    currency: "eur",
    amount_total: amount,
    amount_subtotal: amount,
    client_reference_id: textIn(form, "client_reference_id"),
    metadata: labelsIn(form),
    expires_at: books.now() + daySeconds,
    payment_method_types: ["card", "sepa_debit"],
    payment_status: mode === "setup" ? "no_payment_required" : "unpaid",
    setup_intent: setup?.id ?? null,
    status: "open",
    success_url: textIn(form, "success_url"),
    cancel_url: textIn(form, "cancel_url"),
    ui_mode: "hosted_page",
  } satisfies Partial<Stripe.Checkout.Session>);
  session.url = `${origin}/pay/${session.id}`;
  intendedOf.set(session, { metadata: labelsIn(intended), description: textIn(intended, "description") });
  return session;
}

/** What the payment of a page will carry; Stripe makes it when the person pays. */
const intendedOf = new WeakMap<
  Stripe.Checkout.Session,
  { metadata: Record<string, string>; description: string | null }
>();

function amountOf(form: Form): number {
  const items = Array.isArray(form.line_items) ? form.line_items : [];
  const total = items.reduce((sum, item) => {
    const price = typeof item === "string" ? {} : formIn(item, "price_data");
    return sum + Number(price.unit_amount) * Number(typeof item === "string" ? 0 : item.quantity);
  }, 0);
  if (total < 50) throw invalid("amount_too_small", "The total must be at least €0.50 eur.", { param: "line_items" });
  return total;
}

/** Pages end by themselves after a day. */
export function expireOld(books: Books): void {
  for (const session of books.all("checkout.session"))
    if (session.status === "open" && session.expires_at <= books.now()) expire(books, session);
}

export function expireSession(books: Books, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  if (session.status !== "open") throw invalid("", "Only Checkout Sessions with a status in [open] can be expired.");
  return expire(books, session);
}

function expire(books: Books, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  session.status = "expired";
  session.url = null;
  const paid = typeof session.payment_intent === "string" ? books.find("payment_intent", session.payment_intent) : null;
  if (paid && paid.status !== "canceled") cancelIntent(books, paid);
  books.tell("checkout.session.expired", session);
  return session;
}

const openOf = (books: Books, id: string): Stripe.Checkout.Session => {
  expireOld(books);
  const session = books.find("checkout.session", id);
  if (session.status !== "open") throw invalid("", "This page is over.");
  return session;
};

/** A person enters a number on the page. It stays open after a decline, and while a confirmation is wanted. */
export function enterOnPage(books: Books, id: string, entered: Entered): Stripe.Checkout.Session {
  const session = openOf(books, id);
  const customer = typeof session.customer === "string" ? session.customer : null;
  const method = enterMethod(books, session.mode === "setup" ? customer : null, entered);
  if (!method) throw invalid("incorrect_number", "Your card number is not a test number.");
  if (session.mode === "setup") {
    const { atEntry, declines } = waysOf(method);
    if (atEntry)
      throw new Refusal(402, { type: "card_error", code: "card_declined", message: `Declined: ${declines}.` });
    const setup = books.find("setup_intent", String(session.setup_intent));
    Object.assign(setup, { status: "succeeded", payment_method: method.id } satisfies Partial<Stripe.SetupIntent>);
    books.tell("setup_intent.succeeded", setup);
    books.tell("payment_method.attached", method);
    return complete(books, session);
  }
  const intent = intentOf(books, session);
  confirm(books, intent, method, false);
  return intent.status === "requires_action" ? session : complete(books, session);
}

function intentOf(books: Books, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  if (typeof session.payment_intent === "string") return books.find("payment_intent", session.payment_intent);
  const intent = makeIntent(books, {
    amount: session.amount_total ?? 0,
    customer: typeof session.customer === "string" ? session.customer : null,
    metadata: {},
    description: null,
    ...intendedOf.get(session),
  });
  session.payment_intent = intent.id;
  return intent;
}

/** A person proves that it is them, or does not; then the page asks for another method. */
export function confirmOnPage(books: Books, id: string, isConfirmed: boolean): Stripe.Checkout.Session {
  const session = openOf(books, id);
  const intent = intentOf(books, session);
  if (intent.status !== "requires_action") throw invalid("", "There is nothing to confirm.");
  if (isConfirmed) {
    succeed(books, intent);
    return complete(books, session);
  }
  const failure = { type: "card_error", code: "payment_intent_authentication_failure", message: "Not confirmed." };
  intent.last_payment_error = failure as unknown as Stripe.PaymentIntent.LastPaymentError;
  intent.status = "requires_payment_method";
  books.tell("payment_intent.payment_failed", intent);
  return session;
}

function complete(books: Books, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  session.status = "complete";
  session.url = null;
  const paid = typeof session.payment_intent === "string" ? books.find("payment_intent", session.payment_intent) : null;
  if (paid?.status === "succeeded") session.payment_status = "paid";
  books.tell("checkout.session.completed", session);
  return session;
}
