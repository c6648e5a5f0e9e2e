import fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { cents } from "#lib/core/money.ts";
import type { Attempt } from "#lib/engine/payments/port.ts";
import { stripeProvider } from "#lib/engine/payments/stripe.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { attemptOf, customerWith, type StripeDesk, stripeDesk } from "#lib/testing/payments.ts";
import type { Fault } from "#lib/testing/stripe/faults.ts";
import { failRefund } from "#lib/testing/stripe/refunds.ts";

let desk: StripeDesk;
let paying: { customerRef: string; methodRef: string };
let errors: ReturnType<typeof catchErrorLog>;
beforeEach(async () => {
  errors = catchErrorLog();
  desk = await stripeDesk();
  paying = await customerWith(desk, "4242424242424242");
});
afterEach(async () => {
  errors.restore();
  expect(desk.violations()).toEqual([]);
  await desk.close();
});
afterAll(() => errors.restore());

const charging = "POST /v1/payment_intents";
const alarms = (): string[] => errors.lines.map((line) => (JSON.parse(line) as { event: string }).event);
/** The payments of an attempt at Stripe that took money. */
const paid = ({ id }: Attempt) =>
  desk.standIn.books
    .all("payment_intent")
    .filter((one) => one.metadata.payment_id === id && one.status === "succeeded");

test.each<[Fault["kind"], number, number]>([
  ["drop_after", 1, 1],
  ["drop_after", 2, 1],
  ["error_after", 1, 1],
  ["drop_before", 2, 0],
  ["overload", 1, 0],
  ["error_before", 1, 0],
])("%s, %i times: the answer is lost, and the attempt moves money once at most", async (kind, times, done) => {
  const attempt = attemptOf(desk, paying);
  desk.standIn.faults.plan({ on: charging, kind, times });
  const first = await desk.provider.charge(attempt);
  // The library repeats a broken connection once, whatever it is told; our key makes that harmless.
  expect(first.kind).toBe(kind === "drop_after" ? "succeeded" : "unknown");
  expect(paid(attempt)).toHaveLength(done);
  const found = await desk.provider.lookup(attempt);
  if (done === 1) expect(found).toEqual({ kind: "succeeded", ref: paid(attempt)[0]?.id });
  else expect(found).toBe("not_found");
  const again = await desk.provider.charge(attempt);
  // An error of Stripe's is remembered under the key: only looking tells what became of it.
  expect(again.kind).toBe(kind === "error_before" ? "unknown" : "succeeded");
  expect(paid(attempt)).toHaveLength(kind === "error_before" ? 0 : 1);
});

test("an answer lost for good is found by the attempt's id among many payments", async () => {
  const attempt = attemptOf(desk, paying);
  desk.standIn.faults.plan({ on: charging, kind: "error_after" });
  expect(await desk.provider.charge(attempt)).toEqual({ kind: "unknown" });
  for (let made = 0; made < 120; made += 1)
    desk.standIn.books.make("payment_intent", {
      amount: 1,
      currency: "eur",
      customer: paying.customerRef,
      metadata: {},
    });
  expect(await desk.provider.lookup(attempt)).toMatchObject({ kind: "succeeded" });
  const books = await desk.provider.paymentsSince(attempt.createdAt);
  expect(books).toHaveLength(121);
  expect(books.filter(({ attemptId }) => attemptId === attempt.id)).toHaveLength(1);
});

test("what is asked while the same is under way is unknown, and both come to one payment", async () => {
  const attempt = attemptOf(desk, paying);
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  desk.standIn.faults.plan({ on: charging, kind: "hold", until });
  const before = desk.standIn.calls.length;
  const first = desk.provider.charge(attempt);
  await expect.poll(() => desk.standIn.calls.length).toBe(before + 1);
  expect(await desk.provider.charge(attempt)).toEqual({ kind: "unknown" });
  release();
  expect(await first).toMatchObject({ kind: "succeeded" });
  expect(paid(attempt)).toHaveLength(1);
  expect(alarms()).toEqual([]);
});

test("a charge that takes too long is unknown, and found when it is done", async () => {
  const hasty = stripeProvider({ ...desk.options, timeoutMs: 50 });
  const attempt = attemptOf(desk, paying);
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  desk.standIn.faults.plan({ on: charging, kind: "hold", until });
  expect(await hasty.charge(attempt)).toEqual({ kind: "unknown" });
  expect(await desk.provider.lookup(attempt)).toBe("not_found");
  release();
  await expect.poll(() => desk.provider.lookup(attempt)).toMatchObject({ kind: "succeeded" });
});

test("where nothing answers, money is unknown and pages are unavailable", async () => {
  const away = stripeProvider({ ...desk.options, apiBase: "http://127.0.0.1:1" });
  const attempt = attemptOf(desk, paying);
  for (const asked of [away.charge(attempt), away.lookup(attempt), away.cancel(attempt)])
    expect(await asked).toEqual({ kind: "unknown" });
  const refund = { id: "r", paymentRef: "pi_x", amount: cents(1n) };
  expect(await away.refund(refund)).toEqual({ kind: "unknown" });
  expect(await away.lookupRefund(refund)).toEqual({ kind: "unknown" });
  const page = { id: "p", customerRef: "cus_x", returnUrl: "http://localhost/" };
  await expect(away.beginSetup(page)).rejects.toMatchObject({ problem: "unavailable" });
  await expect(away.method("pm_x")).rejects.toMatchObject({ problem: "unavailable" });
});

test("a wrong key is a fault of the installation: it is thrown and logged, and no customer has failed", async () => {
  const wrong = stripeProvider({ ...desk.options, key: "sk_test_wrong" });
  const attempt = attemptOf(desk, paying);
  await expect(wrong.charge(attempt)).rejects.toMatchObject({ problem: "unavailable" });
  await expect(wrong.lookup(attempt)).rejects.toMatchObject({ problem: "unavailable" });
  expect(alarms()).toEqual(["stripe_misconfigured", "stripe_misconfigured"]);
  expect(errors.lines.join()).not.toContain("sk_test_wrong");
});

const lies: Record<string, Record<string, unknown>> = {
  "another amount": { amount: 1 },
  "another currency": { currency: "usd" },
  "another customer": { customer: "cus_other" },
  "another attempt": { metadata: { payment_id: "pay_other" } },
  "another mode": { livemode: true },
  "less than was asked": { amount_received: 1 },
};

const fields = ["id", "status", "amount", "metadata", "last_payment_error", "error", "data", "has_more"] as const;
let made = 0;

test.each(Object.entries(lies))("an answer with %s is not believed, and someone is told", async (_, lie) => {
  const attempt = attemptOf(desk, paying);
  const tell = (answer: Record<string, unknown>) => ({ ...answer, ...lie });
  desk.standIn.faults.plan({ on: charging, kind: "lie", lie: tell });
  expect(await desk.provider.charge(attempt)).toEqual({ kind: "unknown" });
  desk.standIn.faults.plan({ on: "GET /v1/payment_intents/{id}", kind: "lie", lie: tell });
  expect(await desk.provider.lookup({ ...attempt, ref: paid(attempt)[0]?.id ?? "" })).toEqual({ kind: "unknown" });
  expect(alarms()).toContain("stripe_answer_disbelieved");
  expect(await desk.provider.lookup(attempt)).toMatchObject({ kind: "succeeded" });
});

test("whatever is answered, a charge or a lookup of it is a result or unknown, and never an amount that was not asked", async () => {
  const attempt = attemptOf(desk, paying);
  const whole = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()));
  await fc.assert(
    fc.asyncProperty(whole, fc.boolean(), async (answer, isMixed) => {
      made += 1;
      const one = { ...attempt, id: `${attempt.id}-${made}` };
      const lie = (told: Record<string, unknown>) =>
        (isMixed && typeof answer === "object" ? { ...told, ...answer } : answer) as Record<string, unknown>;
      desk.standIn.faults.plan({ on: charging, kind: "lie", lie });
      desk.standIn.faults.plan({ on: "GET /v1/payment_intents", kind: "lie", lie });
      for (const asked of [() => desk.provider.charge(one), () => desk.provider.lookup(one)]) {
        const result = await asked();
        expect(["unknown", "succeeded", "not_found"]).toContain(typeof result === "string" ? result : result.kind);
      }
      desk.standIn.faults.clear();
      expect(paid(one)).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});

test("a key that was used for something else moves no money, and someone is told", async () => {
  const attempt = attemptOf(desk, paying);
  await desk.provider.charge(attempt);
  expect(await desk.provider.charge({ ...attempt, amount: cents(99n) })).toEqual({ kind: "unknown" });
  expect(alarms()).toEqual(["payment_key_reused"]);
  expect(paid(attempt)).toHaveLength(1);
});

test("asking again tells how it is now, not how it was then", async () => {
  const debit = await customerWith(desk, "DE62370400440532013001");
  const attempt = attemptOf(desk, debit);
  expect(await desk.provider.charge(attempt)).toMatchObject({ kind: "processing" });
  await desk.settleDebits();
  expect(await desk.provider.charge(attempt)).toMatchObject({ kind: "failed", code: "insufficient_funds" });
});

test("an attempt that is older than its key is never sent again, whether or not it was sent before", async () => {
  const [sent, unsent] = [attemptOf(desk, paying), attemptOf(desk, paying)];
  await desk.provider.charge(sent);
  desk.advance(25 * 3_600_000);
  expect(await desk.provider.charge(sent)).toMatchObject({ kind: "succeeded" });
  expect(await desk.provider.charge(unsent)).toMatchObject({ kind: "failed", code: "attempt_expired" });
  expect([paid(sent).length, paid(unsent).length]).toEqual([1, 0]);
});

test("an attempt that has a page is looked up, not charged beside it", async () => {
  const attempt = attemptOf(desk, paying);
  const { ref } = await desk.provider.beginPayment(attempt, "http://localhost/");
  for (const methodRef of [attempt.methodRef, null])
    expect(await desk.provider.charge({ ...attempt, ref, methodRef })).toMatchObject({ kind: "requires_action", ref });
  await desk.enter(ref, "4242424242424242");
  expect(await desk.provider.charge({ ...attempt, ref })).toMatchObject({ kind: "succeeded" });
  expect(paid(attempt)).toHaveLength(1);
});

test("a page takes the place of the charge that asked for the person; what was given up gets no page", async () => {
  const careful = await customerWith(desk, "4000002760003184");
  const [paged, dropped] = [attemptOf(desk, careful), attemptOf(desk, careful)];
  const asked = await desk.provider.charge(paged);
  if (asked.kind !== "requires_action") throw new Error(asked.kind);
  await desk.provider.beginPayment(paged, "http://localhost/");
  expect(desk.standIn.books.find("payment_intent", asked.ref).status).toBe("canceled");
  await desk.provider.charge(dropped);
  expect(await desk.provider.cancel(dropped)).toMatchObject({ kind: "canceled" });
  await expect(desk.provider.beginPayment(dropped, "http://localhost/")).rejects.toMatchObject({ problem: "conflict" });
});

test("a clock of theirs that is behind ours hides nothing", async () => {
  const attempt = attemptOf(desk, { ...paying, createdAt: new Date(desk.now().getTime() + 10 * 60_000) });
  const result = await desk.provider.charge(attempt);
  expect(await desk.provider.lookup(attempt)).toEqual(result);
});

test("every call that moves money has a key of ours, the version of the library, and no telemetry", async () => {
  const attempt = attemptOf(desk, paying);
  const result = await desk.provider.charge(attempt);
  if (result.kind !== "succeeded") throw new Error(result.kind);
  await desk.provider.refund({ id: "re1", paymentRef: result.ref, amount: cents(1n) });
  const moving = desk.standIn.calls.filter(
    ({ method, address }) => method === "POST" && /^\/v1\/(payment_intents|refunds)$/.test(address),
  );
  expect(moving.map(({ key }) => key)).toEqual([`payment-${attempt.id}`, "refund-re1"]);
  expect(new Set(desk.standIn.calls.map(({ version }) => version))).toEqual(new Set(["2026-10-28.endive"]));
});

test("a refund whose answer is lost is done once; one that failed later says so when it is asked again", async () => {
  const result = await desk.provider.charge(attemptOf(desk, paying));
  if (result.kind !== "succeeded") throw new Error(result.kind);
  const refund = { id: "re1", paymentRef: result.ref, amount: cents(5000n) };
  desk.standIn.faults.plan({ on: "POST /v1/refunds", kind: "error_after" });
  expect(await desk.provider.refund(refund)).toEqual({ kind: "unknown" });
  expect(await desk.provider.lookupRefund(refund)).toMatchObject({ kind: "succeeded" });
  desk.advance(25 * 3_600_000);
  expect(await desk.provider.refund(refund)).toMatchObject({ kind: "succeeded" });
  expect(desk.standIn.books.all("refund")).toHaveLength(1);
  const second = { ...refund, id: "re2" };
  const made = await desk.provider.refund(second);
  if (made.kind !== "succeeded") throw new Error(made.kind);
  failRefund(desk.standIn.books, made.ref);
  for (const asked of [desk.provider.refund(second), desk.provider.lookupRefund(second)])
    expect(await asked).toEqual({ kind: "failed", ref: made.ref, code: "expired_or_canceled_card" });
  const lying = { on: "GET /v1/refunds", kind: "lie" as const };
  desk.standIn.faults.plan({
    ...lying,
    lie: ({ data, ...list }) => ({ ...list, data: (data as object[]).map((one) => ({ ...one, amount: 1 })) }),
  });
  expect(await desk.provider.lookupRefund(refund)).toEqual({ kind: "unknown" });
});

test("a page that is not the one that was asked for is shown to no one", async () => {
  const attempt = attemptOf(desk, paying);
  const pages = "POST /v1/checkout/sessions";
  for (const lie of [
    { amount_total: 1 },
    { currency: "usd" },
    { customer: "cus_other" },
    { livemode: true },
    { url: "javascript:0" },
  ]) {
    const asked = { ...attempt, id: `${attempt.id}-${Object.keys(lie)}` };
    desk.standIn.faults.plan({ on: pages, kind: "lie", lie: (page) => ({ ...page, ...lie }) });
    await expect(desk.provider.beginPayment(asked, "http://localhost/")).rejects.toMatchObject({
      problem: "unavailable",
    });
  }
});

test("a customer who was deleted at Stripe is made anew, once", async () => {
  const gone = { organizationId: "org_gone", name: "Gone", email: "gone@example.com", country: null, ref: "cus_gone" };
  const made = await desk.provider.ensureCustomer(gone);
  expect(made.ref).not.toBe("cus_gone");
  expect(await desk.provider.ensureCustomer(gone)).toEqual(made);
  const known = await desk.provider.ensureCustomer({ ...gone, ref: made.ref, name: "Renamed" });
  expect(known).toEqual(made);
  expect(desk.standIn.books.find("customer", made.ref)).toMatchObject({ name: "Renamed" });
});
