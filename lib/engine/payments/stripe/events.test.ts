import fc from "fast-check";
import Stripe from "stripe";
import { afterAll, expect, test } from "vitest";
import { stripeProvider } from "#lib/engine/payments/stripe.ts";
import { attemptOf, customerWith, stripeDesk } from "#lib/testing/payments.ts";
import { failRefund, openDispute } from "#lib/testing/stripe/refunds.ts";

const desk = await stripeDesk();
afterAll(() => desk.close());
const { standIn, provider } = desk;
const minute = 60_000;

const genuine = () => standIn.webhooks.sign({ ...event, id: standIn.books.nextId("evt") });
const event = {
  id: "evt_1",
  object: "event",
  type: "payment_intent.succeeded",
  livemode: false,
  data: { object: { id: "pi_1", object: "payment_intent", metadata: { payment_id: "pay_1" } } },
};

const invalid = expect.objectContaining({ problem: "invalid" });
const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test("a genuine event says what to look at, with either secret while they are rotated", () => {
  const { body, signature } = genuine();
  const read = provider.verifyEvent(body, signature, desk.now());
  expect(read).toMatchObject({ livemode: false, type: "payment_intent.succeeded" });
  expect(read.subject).toEqual({ kind: "payment", ref: "pi_1", attemptId: "pay_1" });
  const next = standIn.webhooks.sign(event, { secret: "whsec_next" });
  expect(provider.verifyEvent(next.body, next.signature, desk.now())).toMatchObject({ id: "evt_1" });
});

test("another secret, other bytes, no signature: refused", () => {
  const { body, signature } = genuine();
  const changed = Buffer.from(body.toString().replace("pi_1", "pi_2"));
  const reformatted = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
  const foreign = standIn.webhooks.sign(event, { secret: "whsec_foreign" });
  const bare = stripeProvider({ ...desk.options, webhookSecrets: [] });
  for (const [bytes, header] of [
    [changed, signature],
    [reformatted, signature],
    [body, undefined],
    [body, ""],
    [body, "t=,v1="],
    [body, signature.replace(/v1=\w{4}/, "v1=0000")],
    [body, signature.replace("v1=", "v0=")],
    [foreign.body, foreign.signature],
  ] as const)
    expect(caught(() => provider.verifyEvent(bytes, header, desk.now()))).toEqual(invalid);
  expect(caught(() => bare.verifyEvent(body, signature, desk.now()))).toEqual(invalid);
});

test.each([
  ["just in time", 5 * minute, true],
  ["too old", 5 * minute + 1000, false],
  ["a little ahead", -5 * minute, true],
  ["from the future", -5 * minute - 1000, false],
])("an event %s", (_, lateMs, isTaken) => {
  const { body, signature } = genuine();
  const receivedAt = new Date(desk.now().getTime() + lateMs);
  const read = caught(() => provider.verifyEvent(body, signature, receivedAt));
  expect(read).toEqual(isTaken ? expect.objectContaining({ livemode: false }) : invalid);
});

test("an event of the other mode, or that is none of the payments', is refused; a type we do not know is not", () => {
  const refused = [
    { ...event, livemode: true },
    { ...event, object: "v2.core.event" },
    { ...event, data: {} },
    { ...event, data: { object: { id: "../../customers" } } },
    { ...event, id: 7 },
  ];
  for (const one of refused) {
    const { body, signature } = standIn.webhooks.sign(one);
    expect(
      caught(() => provider.verifyEvent(body, signature, desk.now())),
      JSON.stringify(one),
    ).toEqual(invalid);
  }
  for (const type of ["invoice.paid", "toString", "__proto__"]) {
    const { body, signature } = standIn.webhooks.sign({ ...event, type });
    expect(provider.verifyEvent(body, signature, desk.now())).toMatchObject({ type, subject: null });
  }
});

test("bytes that are signed and are no JSON are refused, and what is too large is not even hashed", () => {
  const timestamp = standIn.books.now();
  const sign = (payload: string) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret: standIn.webhookSecret, timestamp });
  for (const payload of ["", "{", "null", "[]", '"evt"'])
    expect(
      caught(() => provider.verifyEvent(Buffer.from(payload), sign(payload), desk.now())),
      payload,
    ).toEqual(invalid);
  const padded = (bytes: number) => {
    const text = JSON.stringify(event);
    return text + " ".repeat(bytes - text.length);
  };
  const [largest, larger] = [padded(512 * 1024), padded(512 * 1024 + 1)];
  expect(provider.verifyEvent(Buffer.from(largest), sign(largest), desk.now())).toMatchObject({ id: "evt_1" });
  expect(caught(() => provider.verifyEvent(Buffer.from(larger), sign(larger), desk.now()))).toEqual(
    expect.objectContaining({ problem: "too_large" }),
  );
});

test("whatever arrives is an event or a refusal, never a crash", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), fc.boolean(), (payload, header, isSigned) => {
      const signature = isSigned
        ? Stripe.webhooks.generateTestHeaderString({
            payload,
            secret: standIn.webhookSecret,
            timestamp: standIn.books.now(),
          })
        : header;
      const read = caught(() => provider.verifyEvent(Buffer.from(payload), signature, desk.now()));
      expect(read).toEqual(invalid);
    }),
  );
});

test("everything Stripe tells of a payment's life leads to the thing to look at, twice and backwards too", async () => {
  standIn.webhooks.take();
  const paying = await customerWith(desk, "4242424242424242");
  const attempt = attemptOf(desk, paying);
  const paid = await provider.charge(attempt);
  if (paid.kind !== "succeeded") throw new Error(paid.kind);
  const back = await provider.refund({ id: "re1", paymentRef: paid.ref, amount: attempt.amount });
  if (back.kind !== "succeeded") throw new Error(back.kind);
  failRefund(standIn.books, back.ref);
  const dispute = openDispute(standIn.books, paid.ref);
  await provider.detach(paying.methodRef);
  const told = standIn.webhooks
    .take({ twice: true, backwards: true })
    .map(({ body, signature }) => provider.verifyEvent(body, signature, desk.now()));
  const about = (type: string) => told.filter((one) => one.type === type).map(({ subject }) => subject);
  const twice = (subject: unknown) => [subject, subject];
  expect(about("payment_intent.succeeded")).toEqual(twice({ kind: "payment", ref: paid.ref, attemptId: attempt.id }));
  expect(about("setup_intent.succeeded")).toEqual(twice({ kind: "method", ref: paying.methodRef }));
  expect(about("payment_method.detached")).toEqual(twice({ kind: "method", ref: paying.methodRef }));
  expect(about("refund.failed")).toEqual(twice({ kind: "refund", ref: back.ref, refundId: "re1" }));
  expect(about("charge.dispute.created")).toEqual(twice({ kind: "chargeback", ref: dispute.id, paymentRef: paid.ref }));
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length / 2);
  expect(told[0]?.type).toBe("payment_method.detached");
  expect(desk.violations()).toEqual([]);
});
