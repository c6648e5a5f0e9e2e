import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StripeStandIn } from "./server.ts";

let standIn: StripeStandIn;
let api: Stripe;
beforeEach(async () => {
  standIn = await StripeStandIn.start();
  const { hostname: host, port } = new URL(standIn.url);
  api = new Stripe(standIn.secretKey, { host, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
});
afterEach(() => standIn.close());

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${standIn.url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${standIn.secretKey}`,
      "stripe-version": "2026-10-28.endive",
      "idempotency-key": "key-1",
      ...headers,
    },
    body: new URLSearchParams(form),
  });

test("a parameter that this version of the API has given up is refused by its own code, and noted", async () => {
  const answer = await post("/v1/payment_intents", {
    amount: "100",
    currency: "eur",
    "payment_method_types[0]": "card",
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: "payment_method_types_no_longer_supported" } });
  expect(standIn.books.violations).toHaveLength(1);
});

test.each([
  ["another version", "/v1/customers", {}, { "stripe-version": "2024-06-20" }, 400],
  ["a parameter that is not in the document", "/v1/customers", { nonsense: "1" }, {}, 400],
  ["a value of another type", "/v1/payment_intents", { amount: "much", currency: "eur" }, {}, 400],
  ["an address that is not in the document", "/v1/subscriptions", {}, {}, 400],
  ["another key", "/v1/customers", {}, { authorization: "Bearer sk_test_other" }, 401],
])("%s is refused", async (_, path, form, headers, status) => {
  expect((await post(path, form, headers)).status).toBe(status);
});

test("a key is done once and answered the same; with other parameters it is refused; after a day it is new", async () => {
  const first = await (await post("/v1/customers", { name: "Ada" })).json();
  const again = await post("/v1/customers", { name: "Ada" });
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await again.json()).toEqual(first);
  const other = await post("/v1/customers", { name: "Eve" });
  expect(other.status).toBe(400);
  expect(await other.json()).toMatchObject({ error: { type: "idempotency_error" } });
  standIn.books.advance(86_400_000);
  expect(await (await post("/v1/customers", { name: "Ada" })).json()).not.toEqual(first);
});

test("its hosted page can be used with a browser alone", async () => {
  const customer = await api.customers.create({});
  const session = await api.checkout.sessions.create({
    mode: "payment",
    ui_mode: "hosted_page",
    customer: customer.id,
    success_url: "http://localhost:3000/back",
    line_items: [
      { quantity: 1, price_data: { currency: "eur", unit_amount: 1250, product_data: { name: "Invoice" } } },
    ],
  });
  const page = session.url ?? "";
  const send = (form: Record<string, string>) =>
    fetch(page, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  expect(await (await fetch(page)).text()).toContain("Pay €12.50");
  const declined = await send({ number: "4000 0000 0000 0002" });
  expect(declined.status).toBe(200);
  expect(await declined.text()).toContain(`role="alert"`);
  const waiting = await send({ number: "4000 0027 6000 3184" });
  expect(waiting.headers.get("location")).toBe(new URL(page).pathname);
  expect(await (await fetch(page)).text()).toContain("Complete authentication");
  const done = await send({ outcome: "confirmed" });
  expect(done.headers.get("location")).toBe("http://localhost:3000/back");
  expect((await fetch(page)).status).toBe(410);
  expect(await api.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: "complete",
    payment_status: "paid",
  });
  expect(standIn.books.violations).toEqual([]);
});

test("lists come in pieces, the newest first", async () => {
  const made: string[] = [];
  for (let number = 0; number < 7; number += 1) {
    const customer = String(standIn.books.make("customer", {}).id);
    made.unshift(standIn.books.make("payment_intent", { customer, currency: "eur" }).id);
  }
  const found: string[] = [];
  for await (const intent of api.paymentIntents.list({ limit: 3 })) found.push(intent.id);
  expect(found).toEqual(made);
});

test("events are sent to an endpoint, signed", async () => {
  standIn.books.tell("customer.updated", standIn.books.make("customer", {}));
  const [fresh] = standIn.webhooks.take();
  const now = standIn.books.now() * 1000;
  const read = api.webhooks.constructEvent(
    fresh?.body ?? "",
    fresh?.signature ?? "",
    standIn.webhookSecret,
    300,
    undefined,
    now,
  );
  expect(read.type).toBe("customer.updated");
  expect(standIn.webhooks.take()).toEqual([]);
  standIn.books.tell("customer.updated", standIn.books.make("customer", {}));
  expect(await standIn.webhooks.send(`${standIn.url}/nowhere`, { twice: true })).toEqual([401, 401]);
});
