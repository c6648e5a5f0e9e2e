import type Stripe from "stripe";
import { type Books, invalid, type Kind } from "./books.ts";
import { type Form, formIn, labelsIn, listIn, textIn } from "./form.ts";
import { cancelIntent, confirm, createIntent } from "./intents.ts";
import { createRefund } from "./refunds.ts";
import { createSession, expireOld, expireSession } from "./sessions.ts";

export type Call = { books: Books; form: Form; id: string; origin: string };
type Route = (call: Call) => object;

/** What the stand-in can do, by the operations of the document. */
export const routes: Record<string, Route> = {
  "POST /v1/customers": ({ books, form }) => {
    const customer = books.make("customer", {});
    return changeCustomer(books, customer, form);
  },
  "GET /v1/customers/{id}": ({ books, id }) => books.find("customer", id),
  "POST /v1/customers/{id}": ({ books, form, id }) => changeCustomer(books, books.find("customer", id), form),
  "POST /v1/payment_intents": ({ books, form }) => createIntent(books, form),
  "GET /v1/payment_intents": ({ books, form }) =>
    listOf(books, "payment_intent", form, (one) => !form.customer || one.customer === form.customer),
  "GET /v1/payment_intents/{id}": ({ books, id }) => books.find("payment_intent", id),
  "POST /v1/payment_intents/{id}/cancel": ({ books, form, id }) =>
    cancelIntent(books, books.find("payment_intent", id), textIn(form, "cancellation_reason")),
  "POST /v1/payment_intents/{id}/confirm": ({ books, form, id }) => {
    const intent = books.find("payment_intent", id);
    const method = books.find("payment_method", textIn(form, "payment_method"), "payment_method");
    confirm(books, intent, method, form.off_session !== undefined);
    return intent;
  },
  "GET /v1/payment_methods/{id}": ({ books, id }) => books.find("payment_method", id),
  "POST /v1/payment_methods/{id}/detach": ({ books, id }) => {
    const method = books.find("payment_method", id);
    if (method.customer === null)
      throw invalid("payment_method_unexpected_state", "The payment method is not attached to a customer.");
    method.customer = null;
    books.tell("payment_method.detached", method);
    return method;
  },
  "GET /v1/setup_intents/{id}": ({ books, id }) => books.find("setup_intent", id),
  "POST /v1/checkout/sessions": ({ books, form, origin }) => createSession(books, form, origin),
  "GET /v1/checkout/sessions": ({ books, form }) => {
    expireOld(books);
    return listOf(books, "checkout.session", form, (one) => !form.customer || one.customer === form.customer);
  },
  "GET /v1/checkout/sessions/{id}": ({ books, form, id }) => {
    expireOld(books);
    return expanded(books, books.find("checkout.session", id), form);
  },
  "POST /v1/checkout/sessions/{id}/expire": ({ books, form, id }) => {
    expireOld(books);
    return expanded(books, expireSession(books, books.find("checkout.session", id)), form);
  },
  "POST /v1/refunds": ({ books, form }) => createRefund(books, form),
  "GET /v1/refunds": ({ books, form }) =>
    listOf(books, "refund", form, (one) => !form.payment_intent || one.payment_intent === form.payment_intent),
  "GET /v1/refunds/{id}": ({ books, id }) => books.find("refund", id),
  "GET /v1/disputes/{id}": ({ books, id }) => books.find("dispute", id),
};

function changeCustomer(books: Books, customer: Stripe.Customer, form: Form): Stripe.Customer {
  const labels = labelsIn(form);
  const address = formIn(form, "address");
  Object.assign(customer, {
    name: textIn(form, "name") ?? customer.name ?? null,
    email: textIn(form, "email") ?? customer.email,
    metadata: { ...customer.metadata, ...labels },
    ...(textIn(address, "country")
      ? { address: { ...books.contract.blank("...Address"), country: textIn(address, "country") } }
      : {}),
  });
  books.tell("customer.updated", customer);
  return customer;
}

const usual = 10;

/** A piece of a list, the newest first, as the client pages through it. */
function listOf<K extends Kind>(
  books: Books,
  kind: K,
  form: Form,
  isWanted: (one: ReturnType<typeof books.all<K>>[number]) => boolean,
): object {
  const since = Number(formIn(form, "created").gte ?? 0);
  const all = books.all(kind).filter((one) => isWanted(one) && one.created >= since);
  const after = textIn(form, "starting_after");
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const limit = Number(form.limit ?? usual);
  const data = all.slice(start, start + limit);
  const path = kind === "checkout.session" ? "checkout/sessions" : `${kind}s`;
  return { object: "list", data, has_more: start + limit < all.length, url: `/v1/${path}` };
}

function expanded(books: Books, session: Stripe.Checkout.Session, form: Form): object {
  const wanted = listIn(form, "expand");
  const whole = { ...session };
  if (wanted.includes("payment_intent") && typeof session.payment_intent === "string")
    whole.payment_intent = books.find("payment_intent", session.payment_intent);
  if (wanted.includes("setup_intent") && typeof session.setup_intent === "string")
    whole.setup_intent = books.find("setup_intent", session.setup_intent);
  return whole;
}
