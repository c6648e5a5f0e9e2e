import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { timestamp } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { stripeDesk } from "#lib/testing/payments.ts";
import { POST } from "./route.ts";

const { sql } = await testDatabase();
const desk = await stripeDesk();
afterAll(() => desk.close());
Object.assign(env(), { STRIPE_SECRET_KEY: desk.options.key, STRIPE_WEBHOOK_SECRET: desk.options.webhookSecrets });

const event = (id: string) => ({
  id,
  object: "event",
  type: "payment_intent.succeeded",
  livemode: false,
  data: { object: { id: "pi_1", object: "payment_intent", metadata: { payment_id: "pay_1" } } },
});

/** Signed just now by the clock of the house, which the stand-in's is not. */
const signed = (id: string) =>
  desk.standIn.webhooks.sign(event(id), { ageSeconds: desk.standIn.books.now() - Math.floor(timestamp() / 1000) });

const sent = (body: BodyInit, headers: Record<string, string> = {}) =>
  POST(
    new Request("http://localhost/api/payments/stripe", {
      method: "POST",
      body,
      headers,
      duplex: "half",
    } as RequestInit),
  );

const kept = async () => (await sql`select event_id from provider_events order by event_id`).map((row) => row.event_id);

test("a genuine event is kept and acknowledged, and kept once however often it comes", async () => {
  const { body, signature } = signed("evt_once");
  for (let times = 0; times < 3; times++)
    expect((await sent(new Uint8Array(body), { "stripe-signature": signature })).status).toBe(200);
  expect(await kept()).toEqual(["evt_once"]);
});

test("a wrong signature, none at all, and changed bytes are refused and not kept", async () => {
  const { body, signature } = signed("evt_forged");
  const changed = new Uint8Array(Buffer.from(body.toString().replace("pi_1", "pi_2")));
  expect((await sent(changed, { "stripe-signature": signature })).status).toBe(400);
  expect((await sent(new Uint8Array(body))).status).toBe(400);
  expect((await sent("", { "stripe-signature": signature })).status).toBe(400);
  expect(await kept()).toEqual(["evt_once"]);
});

test("a body that is too long is given up while it comes, whatever its header says", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  expect((await sent(endless)).status).toBe(413);
  expect(pulled).toBeLessThan(20);
  expect((await sent("{}", { "content-length": String(10 * 1024 * 1024) })).status).toBe(413);
});

test("billing 30: while the database is away nothing is acknowledged, and the same event is kept when it comes again", async () => {
  const { body, signature } = signed("evt_later");
  await sql`alter table provider_events rename to provider_events_away`;
  const refusal = await sent(new Uint8Array(body), { "stripe-signature": signature }).then(
    ({ status }) => status,
    () => 500,
  );
  expect(refusal).toBeGreaterThanOrEqual(500);
  await sql`alter table provider_events_away rename to provider_events`;
  expect((await sent(new Uint8Array(body), { "stripe-signature": signature })).status).toBe(200);
  expect(await kept()).toEqual(["evt_later", "evt_once"]);
});
