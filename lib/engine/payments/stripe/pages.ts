import type Stripe from "stripe";
import { AppError } from "#lib/core/errors.ts";
import { refuseTooSmall } from "#lib/engine/payments/amounts.ts";
import type { Attempt, HostedPage, HostedState, Method, PaymentProvider } from "#lib/engine/payments/port.ts";
import { ask, askFor, disbelieve, idOf, type StripeConnection, sortOf } from "./client.ts";
import { closeAttempt, closePage } from "./closing.ts";
import { findAttempt } from "./found.ts";
import { currency, isSettled, labelsOf, methodTypes, minimumCharge } from "./intents.ts";

type Pages = Pick<
  PaymentProvider,
  "ensureCustomer" | "beginSetup" | "beginPayment" | "pageState" | "expirePage" | "method" | "detach"
>;

/** Pages where people enter methods or pay are Stripe's own: no script of theirs runs on ours. */
export function stripePages(connection: StripeConnection): Pages {
  const { api } = connection;
  return {
    ensureCustomer: async (customer) => ensureCustomer(api(), customer),
    beginSetup: async ({ id, customerRef, returnUrl }) => {
      const session = await openSession(connection, `setup-${id}`, {
        mode: "setup",
        currency,
        customer: customerRef,
        client_reference_id: id,
        setup_intent_data: { metadata: { page_id: id } },
        ...endingAt(returnUrl),
      });
      return pageOf(session, { customerRef, mode: "setup", amount: null, livemode: connection.livemode });
    },
    beginPayment: async (attempt, returnUrl) => beginPayment(connection, attempt, returnUrl),
    pageState: async (ref) => {
      const expand = ["payment_intent", "setup_intent"];
      const session = await askFor(() => api().checkout.sessions.retrieve(ref, { expand }));
      if (!session) throw new AppError("not_found", "There is no such page.");
      return stateOf(session);
    },
    expirePage: async (ref) => stateOf(await closePage(connection, ref)),
    method: async (ref) => {
      const method = await askFor(() => api().paymentMethods.retrieve(ref));
      return method && methodOf(method);
    },
    detach: async (ref) => detach(api(), ref),
  };
}

/**
 * The parameters under the key never change, whatever the customer is called later; what may change is told after it.
 * A customer that was deleted there is made anew.
 */
async function ensureCustomer(
  api: Stripe,
  { organizationId, name, email, country, ref }: Parameters<PaymentProvider["ensureCustomer"]>[0],
): Promise<{ ref: string }> {
  const details = { name, email, ...(country ? { address: { country } } : {}) };
  const known = ref ? await askFor(() => api.customers.update(ref, details)) : null;
  if (known) return { ref: known.id };
  const key = `customer-${organizationId}${ref ? `-after-${ref}` : ""}`;
  const metadata = { organization_id: organizationId };
  const made = await ask(() => api.customers.create({ metadata }, { idempotencyKey: key }));
  await ask(() => api.customers.update(made.id, details));
  return { ref: made.id };
}

const endingAt = (returnUrl: string) => ({
  ui_mode: "hosted_page" as const,
  allowed_payment_method_types: [...methodTypes],
  success_url: returnUrl,
  cancel_url: returnUrl,
});

/** No time of expiry is sent: it would differ when the same page is asked for again under its key. */
const openSession = ({ api }: StripeConnection, idempotencyKey: string, page: Stripe.Checkout.SessionCreateParams) =>
  ask(() => api().checkout.sessions.create(page, { idempotencyKey }));

async function beginPayment(connection: StripeConnection, attempt: Attempt, returnUrl: string): Promise<HostedPage> {
  refuseTooSmall(attempt, minimumCharge);
  const { customerRef, amount } = attempt;
  const expected = { customerRef, mode: "payment", amount: Number(amount), livemode: connection.livemode } as const;
  const { intents, page } = await findAttempt(connection, attempt);
  const isDone = (intent: Stripe.PaymentIntent) => intent.cancellation_reason === "requested_by_customer";
  if (intents.some((one) => isSettled(one) || isDone(one)))
    throw new AppError("conflict", "This payment is decided already.");
  if (page?.status === "open") return pageOf(page, expected);
  if (page) throw new AppError("conflict", "The page of this payment has expired.");
  // A charge that asked for the person ends here, so that one of the two can take the money, never both.
  await closeAttempt(connection, attempt, "duplicate");
  const metadata = labelsOf(attempt);
  const session = await openSession(connection, `page-${attempt.id}`, {
    mode: "payment",
    customer: customerRef,
    client_reference_id: attempt.id,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency,
          unit_amount: Number(amount),
          product_data: { name: `Invoice ${attempt.invoiceNumber}` },
        },
      },
    ],
    metadata,
    payment_intent_data: { metadata, description: attempt.invoiceNumber },
    ...endingAt(returnUrl),
  });
  return pageOf(session, expected);
}

type Expected = { customerRef: string; mode: "setup" | "payment"; amount: number | null; livemode: boolean };

/** The address is followed by a person, so a page that is not the one we asked for is not shown. */
function pageOf(session: Stripe.Checkout.Session, expected: Expected): HostedPage {
  const isOurs =
    session.mode === expected.mode &&
    session.livemode === expected.livemode &&
    idOf(session.customer) === expected.customerRef &&
    (expected.amount === null || (session.amount_total === expected.amount && session.currency === currency));
  if (!isOurs || !session.url || !/^https?:\/\//.test(session.url)) {
    disbelieve("The page is not the one that was asked for.", { ref: session.id, status: session.status });
    throw new AppError("unavailable", "The payment provider does not answer at the moment.");
  }
  return { ref: session.id, redirectUrl: session.url, expiresAt: new Date(session.expires_at * 1000) };
}

function stateOf({ mode, status, payment_intent, setup_intent }: Stripe.Checkout.Session): HostedState {
  const entered = typeof setup_intent === "object" && setup_intent?.status === "succeeded" ? setup_intent : null;
  return {
    state: status === "complete" ? "complete" : status === "expired" ? "expired" : "open",
    methodRef: mode === "setup" ? idOf(entered?.payment_method) : null,
    paymentRef: idOf(payment_intent),
  };
}

function methodOf({ id, customer, type, card, sepa_debit: debit }: Stripe.PaymentMethod): Method | null {
  if (customer === null) return null;
  if (type === "card" && card) {
    const { brand, last4, exp_month: expMonth, exp_year: expYear } = card;
    return { ref: id, type: "card", brand, last4, expMonth, expYear };
  }
  if (type === "sepa_debit" && debit)
    return { ref: id, type: "sepa_debit", brand: null, last4: debit.last4 ?? "", expMonth: null, expYear: null };
  disbelieve("The method is of a kind that is not offered.", { ref: id, type });
  return null;
}

/** One that is gone or detached already is what was wanted. */
async function detach(api: Stripe, ref: string): Promise<void> {
  try {
    await ask(() => api.paymentMethods.detach(ref));
  } catch (error) {
    if (!["missing", "refused"].includes(sortOf(error))) throw error;
  }
}
