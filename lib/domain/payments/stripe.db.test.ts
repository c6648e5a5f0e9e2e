import { afterAll, afterEach, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { card, Debtors } from "#lib/testing/debtors.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { makeIntent, succeed } from "#lib/testing/stripe/intents.ts";
import { decideDispute, openDispute } from "#lib/testing/stripe/refunds.ts";
import { receiveEvent, workOffEvent } from "./inbox/commands.ts";
import { beginPayment } from "./pages/commands.ts";
import { reconcile } from "./reconciliation/commands.ts";
import { refund } from "./refunds/commands.ts";

const { db, sql } = await testDatabase();
const debtors = await Debtors.open(db, sql);
const { standIn } = debtors;
afterAll(() => standIn.close());
afterEach(() => {
  standIn.faults.clear();
  vi.restoreAllMocks();
  expect(standIn.books.violations).toEqual([]);
});

const [debit, bouncing] = ["DE89370400440532013000", "DE62370400440532013001"];
const create = "POST /v1/payment_intents";
const charges = () => standIn.calls.filter(({ method, address }) => `${method} ${address}` === create);

test.each([
  // The library repeats it by itself, once, under our key.
  ["14: a reply that is lost", "drop_after", 1, "succeeded"],
  ["14: a request that is lost", "drop_before", 2, "unknown"],
  ["15: an error 500 that is replayed under its key", "error_after", 1, "unknown"],
  ["16: a refusal for overload", "overload", 1, "unknown"],
] as const)("billing %s leaves one charge, found or sent under the same key", async (_what, kind, times, state) => {
  const debtor = await debtors.owing();
  const before = charges().length;
  standIn.faults.plan({ on: create, kind, times });
  await debtors.charge(debtor);
  expect(await debtors.attempts(debtor)).toMatchObject([{ state }]);
  // Nothing else is tried while the outcome is open.
  expect(await debtors.charge(debtor)).toBe("nothing");
  await debtors.later();
  expect(await debtors.attempts(debtor)).toMatchObject([{ attempt: 1, state: "succeeded" }]);
  expect(
    new Set(
      charges()
        .slice(before)
        .map(({ key }) => key),
    ).size,
  ).toBe(1);
  expect(await debtors.cashOf(debtor)).toBe(6000);
});

test("billing 17: a key that was used for something else is an alarm, and neither paid nor failed", async () => {
  const debtor = await debtors.owing();
  const errors = catchErrorLog();
  standIn.faults.plan({ on: create, kind: "error_before" });
  await debtors.charge(debtor);
  await sql`update payments set amount_cents = amount_cents - 1 where organization_id = ${debtor.ctx.organizationId}`;
  await debtors.later();
  expect(errors.lines.join("")).toContain("payment_key_reused");
  expect(await debtors.attempts(debtor)).toMatchObject([{ attempt: 1, state: "unknown" }]);
  expect(await debtors.cashOf(debtor)).toBe(0);
  errors.restore();
});

test("billing 18: an event that comes before the answer of its call settles the payment, and the answer changes nothing", async () => {
  const debtor = await debtors.owing();
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  standIn.faults.plan({ on: "GET /v1/payment_intents", kind: "hold", until: held });
  // The repeated call is answered by a replay, which is looked up; that answer is held back.
  standIn.faults.plan({ on: create, kind: "drop_after" });
  const charging = debtors.charge(debtor);
  await vi.waitFor(() => expect(standIn.calls.at(-1)).toMatchObject({ method: "GET", address: "/v1/payment_intents" }));
  await debtors.deliver();
  expect(await debtors.attempts(debtor)).toMatchObject([{ state: "succeeded" }]);
  goOn();
  await charging;
  expect(await debtors.attempts(debtor)).toMatchObject([{ state: "succeeded" }]);
  expect(await debtors.cashOf(debtor)).toBe(6000);
});

test("billing 19: an event about something we do not know is kept with the reason, and changes nothing", async () => {
  const intent = standIn.books.make("payment_intent", {
    amount: 100,
    currency: "eur",
    metadata: {},
    status: "succeeded",
  });
  const { body, signature } = standIn.webhooks.sign({
    ...{ id: "evt_foreign", object: "event", api_version: null, created: standIn.books.now(), livemode: false },
    ...{ pending_webhooks: 1, request: null, type: "payment_intent.succeeded", data: { object: intent } },
  });
  await receiveEvent(debtors.house(), "stripe", body, signature);
  await workOffEvent(debtors.house(), "stripe", "evt_foreign");
  const [row] =
    await sql`select error, processed_at is not null as done from provider_events where event_id = 'evt_foreign'`;
  expect(row).toEqual({ error: "no payment of ours", done: true });
});

test("billing 20: an old event that comes again after a refund does not bring the money back", async () => {
  const debtor = await debtors.owing();
  await debtors.charge(debtor);
  const told = standIn.books.events.at(-1);
  await debtors.deliver();
  const [paid] = await sql`select id from payments where organization_id = ${debtor.ctx.organizationId}`;
  const { organizationId } = debtor.ctx;
  const bought = { amount: 1000n, kind: "purchased", reason: "Bought ahead", expiresOn: undefined } as const;
  await grantCredit(debtors.house(), { organizationId, ...bought });
  await refund(debtors.house(), { organizationId, paymentId: paid?.id, amount: 1000n });
  for (const id of ["evt_again_1", "evt_again_2"]) {
    if (!told) throw new Error("Nothing was told.");
    const { body, signature } = standIn.webhooks.sign({ ...told, id });
    await receiveEvent(debtors.house(), "stripe", body, signature);
    await workOffEvent(debtors.house(), "stripe", id);
  }
  expect(await debtors.cashOf(debtor)).toBe(6000);
  expect(await debtors.attempts(debtor)).toMatchObject([{ state: "succeeded" }]);
});

test("billing 21: an event with a wrong signature, an old one, one of the other mode or one that is too large is refused", async () => {
  const event = {
    ...{ id: "evt_bad", object: "event", api_version: null, created: standIn.books.now(), livemode: false },
    ...{ pending_webhooks: 1, request: null, type: "payment_intent.succeeded", data: { object: { id: "pi_1" } } },
  };
  const of = (sent: ReturnType<typeof standIn.webhooks.sign>) =>
    receiveEvent(debtors.house(), "stripe", sent.body, sent.signature);
  await expect(of(standIn.webhooks.sign(event, { secret: "whsec_other" }))).rejects.toThrow();
  await expect(of(standIn.webhooks.sign(event, { ageSeconds: 301 }))).rejects.toThrow();
  await expect(of(standIn.webhooks.sign({ ...event, livemode: true }))).rejects.toThrow();
  await expect(of(standIn.webhooks.sign({ ...event, filling: "x".repeat(512 * 1024) }))).rejects.toThrow();
  const unsigned = standIn.webhooks.sign(event).body;
  await expect(receiveEvent(debtors.house(), "stripe", unsigned, undefined)).rejects.toThrow();
  expect(await sql`select from provider_events where event_id = 'evt_bad'`).toHaveLength(0);
});

test("billing 22: a debit that comes after the month was closed is taken off once; one that bounces then is owed and dunned", async () => {
  const [coming, failing] = [await debtors.owing(debit), await debtors.owing(bouncing)];
  for (const debtor of [coming, failing]) await debtors.charge(debtor);
  const end = new Date(Date.UTC(debtors.now().getUTCFullYear(), debtors.now().getUTCMonth() + 1, 1, 2));
  const month = `${debtors.now().toISOString().slice(0, 7)}-01`;
  standIn.books.advance(end.getTime() - debtors.now().getTime());
  for (const { ctx } of [coming, failing]) expect(await closeMonth(debtors.within({ ctx }), month)).toBe("closed");
  standIn.settleDebits();
  await debtors.deliver({ twice: true, backwards: true });
  expect(await debtors.attempts(coming)).toMatchObject([{ state: "succeeded" }]);
  expect(await debtors.attempts(failing)).toMatchObject([{ state: "failed" }]);
  const states = ({ ctx }: typeof coming) =>
    sql`select kind, state from invoices where organization_id = ${ctx.organizationId} and kind = 'advance'`;
  expect(await states(coming)).toEqual([{ kind: "advance", state: "paid" }]);
  expect(await states(failing)).toEqual([{ kind: "advance", state: "open" }]);
  await debtors.enter(failing.ctx, card);
  await debtors.charge(failing);
  expect(await states(failing)).toEqual([{ kind: "advance", state: "paid" }]);
});

test("billing 23: while a page to pay is open nothing is charged by itself, and while a charge is under way no page opens", async () => {
  const debtor = await debtors.owing();
  const pay = () =>
    beginPayment({ ...debtor.ctx, now: debtors.now() } as Context, {
      invoiceId: debtor.invoiceId,
      returnTo: "/billing",
    });
  const ref = new URL(await pay()).pathname.split("/").at(-1) ?? "";
  const both = [debtors.charge(debtor), Promise.resolve(standIn.enter(ref, { number: card }))];
  expect(await Promise.all(both)).toEqual(["nothing", true]);
  await debtors.deliver({ twice: true });
  expect(await debtors.attempts(debtor)).toMatchObject([{ state: "succeeded" }]);
  expect(await debtors.cashOf(debtor)).toBe(6000);
  const other = await debtors.owing(debit);
  await debtors.charge(other);
  await expect(
    beginPayment({ ...other.ctx, now: debtors.now() } as Context, { invoiceId: other.invoiceId, returnTo: "/billing" }),
  ).rejects.toMatchObject({ problem: "conflict" });
});

test("billing 30: an event is not acknowledged while the database is away, and taken when it comes again", async () => {
  const debtor = await debtors.owing(debit);
  await debtors.charge(debtor);
  standIn.settleDebits();
  const [paid] = await sql`select ref from payments where organization_id = ${debtor.ctx.organizationId}`;
  const sent = standIn.webhooks.take({ backwards: true }).find(({ body }) => body.includes(paid?.ref));
  if (!sent) throw new Error("Nothing was told.");
  const away = {
    ...debtors.house(),
    db: { transaction: () => Promise.reject(new Error("The database is away.")) } as never,
  };
  await expect(receiveEvent(away, "stripe", sent.body, sent.signature)).rejects.toThrow("away");
  await receiveEvent(debtors.house(), "stripe", sent.body, sent.signature);
  await debtors.deliver();
  expect(await debtors.attempts(debtor)).toMatchObject([{ state: "succeeded" }]);
});

test("billing 31: a failure that is told of many times is written about once", async () => {
  const debtor = await debtors.owing("4000000000000341");
  await debtors.charge(debtor);
  await debtors.deliver({ twice: true });
  for (const minutes of [3, 3]) await debtors.later(minutes);
  const [row] = await sql`select count(*)::int as letters from letters
    where organization_id = ${debtor.ctx.organizationId} and kind = 'billing.payment-failed'`;
  const [{ readers } = { readers: 0 }] = await sql`select count(distinct recipient)::int as readers from letters
    where organization_id = ${debtor.ctx.organizationId} and kind = 'billing.payment-failed'`;
  expect(row?.letters).toBe(readers);
  expect(readers).toBeGreaterThan(0);
});

test("billing 39: a chargeback opens the debt again once, whatever is told how often, and a lost one stays so", async () => {
  const debtor = await debtors.owing();
  await debtors.charge(debtor);
  const [paid] = await sql`select ref from payments where organization_id = ${debtor.ctx.organizationId}`;
  const dispute = openDispute(standIn.books, paid?.ref);
  await debtors.deliver({ twice: true, backwards: true });
  decideDispute(standIn.books, dispute.id, "lost");
  await debtors.deliver({ twice: true });
  const [invoice] = await sql`select state, paid_cents::int as paid from invoices where id = ${debtor.invoiceId}`;
  expect(invoice).toEqual({ state: "open", paid: 0 });
  expect(await debtors.cashOf(debtor)).toBe(0);
  // The method is frozen: nothing is taken from it by itself again.
  expect(await debtors.charge(debtor)).toBe("asked");
});

test("a chargeback that is won after the debt was paid again is the customer's credit", async () => {
  const debtor = await debtors.owing();
  await debtors.charge(debtor);
  const [paid] = await sql`select ref from payments where organization_id = ${debtor.ctx.organizationId}`;
  const dispute = openDispute(standIn.books, paid?.ref);
  await debtors.deliver();
  await debtors.enter(debtor.ctx, "5555555555554444");
  expect(await debtors.charge(debtor)).toBe("charged");
  decideDispute(standIn.books, dispute.id, "won");
  await debtors.deliver();
  expect(await debtors.cashOf(debtor)).toBe(12_000);
  const [credit] =
    await sql`select sum(remaining_cents)::int as left from credit_grants where organization_id = ${debtor.ctx.organizationId}`;
  expect(credit?.left).toBe(6000);
});

test("the nightly comparison finds a payment that was taken a second time for the same attempt, and one of whenever", async () => {
  const debtor = await debtors.paid();
  const other = await debtors.paid();
  expect(await reconcile(debtors.house())).toBe(0);
  const [first, second] = [debtor, other].map(({ ref }) => standIn.books.find("payment_intent", ref));
  if (!first || !second) throw new Error("Nothing was paid.");
  const { amount, customer, metadata } = first;
  const again = makeIntent(standIn.books, { amount, customer: String(customer), metadata, description: null });
  succeed(standIn.books, again);
  // An attempt that was made long before its money came.
  await sql`update payments set created_at = created_at - interval '30 days' where id = ${other.paymentId}`;
  expect(await reconcile(debtors.house())).toBe(1);
  const found = await sql`select ref, what from payment_differences where resolved_at is null`;
  expect(found).toEqual([{ ref: again.id, what: `Paid a second time: ${first.id} has paid the same.` }]);
  // A payment of the same attempt that was given up there is no difference.
  again.status = "canceled";
  expect(await reconcile(debtors.house())).toBe(0);
});

test("billing 40: what a test key collects is in the test series, and leaves the legal one without a number", async () => {
  const numbers = await sql`select number, livemode from invoices`;
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers.filter(({ number, livemode }) => livemode || !/^TEST-/.test(number))).toEqual([]);
  expect(await sql`select series from number_series where series not like 'TEST-%'`).toEqual([]);
});

test("the books of all of it agree", async () => {
  expect((await verify(debtors.house())).filter(({ violations }) => violations > 0)).toEqual([]);
});
