import { afterAll, afterEach, expect, test, vi } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { issueAdvances } from "#lib/domain/billing/cycles/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { asSystem, openInvoices, systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { decideDispute, openDispute } from "#lib/testing/stripe/refunds.ts";
import { StripeStandIn } from "#lib/testing/stripe/server.ts";
import { collect, lookUpPayments } from "./attempts/commands.ts";
import { receiveEvent, workOffEvent } from "./inbox/commands.ts";
import { waitingEvents } from "./inbox/queries.ts";
import { beginPayment, beginSetup, completePage } from "./pages/commands.ts";
import { refund } from "./refunds/commands.ts";

const { db, sql } = await testDatabase();
// Ahead of the real clock, which the provider judges the age of attempts by.
const standIn = await StripeStandIn.start(Date.UTC(2031, 10, 10));
Object.assign(env(), {
  STRIPE_SECRET_KEY: standIn.secretKey,
  STRIPE_WEBHOOK_SECRET: [standIn.webhookSecret],
  STRIPE_API_BASE: standIn.url,
});
afterAll(() => standIn.close());
afterEach(() => {
  standIn.faults.clear();
  vi.restoreAllMocks();
  expect(standIn.books.violations).toEqual([]);
});

const card = "4242424242424242";
const [debit, bouncing] = ["DE89370400440532013000", "DE62370400440532013001"];
const now = () => new Date(standIn.books.now() * 1000);
const house = () => systemAt(db, now());
const create = "POST /v1/payment_intents";

async function enter(ctx: Context, number: string): Promise<void> {
  const ref = new URL(await beginSetup(ctx, { returnTo: "/billing" })).pathname.split("/").at(-1) ?? "";
  expect(standIn.enter(ref, { number })).toBe(true);
  const [page] = await sql<{ id: Id<"hostedPage"> }[]>`select id from hosted_pages where ref = ${ref}`;
  if (page) await completePage(ctx, page.id);
  standIn.webhooks.take();
}

/** An organization that owes an advance of 60 euros, VAT included. */
async function owing(number = card): Promise<{ ctx: Context; invoiceId: Id<"invoice"> }> {
  const ctx = await testCustomer(db, { at: now() });
  await enter(ctx, number);
  await use(sql, ctx, 60, now());
  await issueAdvances(house());
  const [open] = await openInvoices(sql, ctx);
  if (!open) throw new Error("No advance was issued.");
  return { ctx, invoiceId: open.id };
}

const charge = ({ ctx, invoiceId }: Awaited<ReturnType<typeof owing>>) => collect(asSystem(ctx, db, now()), invoiceId);
const attempts = (ctx: Context) =>
  sql`select attempt, state, error_code as code from payments where organization_id = ${ctx.organizationId} order by attempt`;
const cashOf = async (ctx: Context): Promise<number> => {
  const [row] = await sql`select coalesce(sum(amount_cents), 0)::int as cents from ledger_entries
    where organization_id = ${ctx.organizationId} and account = 'cash'`;
  return row?.cents;
};
/** Looks up what is open, a while later. */
async function later(minutes = 3): Promise<void> {
  standIn.books.advance(minutes * 60_000);
  await lookUpPayments(house());
}
async function deliver(plan: Parameters<typeof standIn.webhooks.take>[0] = {}): Promise<void> {
  for (const { body, signature } of standIn.webhooks.take(plan)) await receiveEvent(house(), "stripe", body, signature);
  for (const { eventId } of await waitingEvents(house())) await workOffEvent(house(), "stripe", eventId);
}
const charges = () => standIn.calls.filter(({ method, address }) => `${method} ${address}` === create);

test.each([
  // The library repeats it by itself, once, under our key.
  ["14: a reply that is lost", "drop_after", 1, "succeeded"],
  ["14: a request that is lost", "drop_before", 2, "unknown"],
  ["15: an error 500 that is replayed under its key", "error_after", 1, "unknown"],
  ["16: a refusal for overload", "overload", 1, "unknown"],
] as const)("billing %s leaves one charge, found or sent under the same key", async (_what, kind, times, state) => {
  const debtor = await owing();
  const before = charges().length;
  standIn.faults.plan({ on: create, kind, times });
  await charge(debtor);
  expect(await attempts(debtor.ctx)).toMatchObject([{ state }]);
  // Nothing else is tried while the outcome is open.
  expect(await charge(debtor)).toBe("nothing");
  await later();
  expect(await attempts(debtor.ctx)).toMatchObject([{ attempt: 1, state: "succeeded" }]);
  expect(
    new Set(
      charges()
        .slice(before)
        .map(({ key }) => key),
    ).size,
  ).toBe(1);
  expect(await cashOf(debtor.ctx)).toBe(6000);
});

test("billing 17: a key that was used for something else is an alarm, and neither paid nor failed", async () => {
  const debtor = await owing();
  const errors = catchErrorLog();
  standIn.faults.plan({ on: create, kind: "error_before" });
  await charge(debtor);
  await sql`update payments set amount_cents = amount_cents - 1 where organization_id = ${debtor.ctx.organizationId}`;
  await later();
  expect(errors.lines.join("")).toContain("payment_key_reused");
  expect(await attempts(debtor.ctx)).toMatchObject([{ attempt: 1, state: "unknown" }]);
  expect(await cashOf(debtor.ctx)).toBe(0);
  errors.restore();
});

test("billing 18: an event that comes before the answer of its call settles the payment, and the answer changes nothing", async () => {
  const debtor = await owing();
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  standIn.faults.plan({ on: "GET /v1/payment_intents", kind: "hold", until: held });
  // The repeated call is answered by a replay, which is looked up; that answer is held back.
  standIn.faults.plan({ on: create, kind: "drop_after" });
  const charging = charge(debtor);
  await vi.waitFor(() => expect(standIn.calls.at(-1)).toMatchObject({ method: "GET", address: "/v1/payment_intents" }));
  await deliver();
  expect(await attempts(debtor.ctx)).toMatchObject([{ state: "succeeded" }]);
  goOn();
  await charging;
  expect(await attempts(debtor.ctx)).toMatchObject([{ state: "succeeded" }]);
  expect(await cashOf(debtor.ctx)).toBe(6000);
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
  await receiveEvent(house(), "stripe", body, signature);
  await workOffEvent(house(), "stripe", "evt_foreign");
  const [row] =
    await sql`select error, processed_at is not null as done from provider_events where event_id = 'evt_foreign'`;
  expect(row).toEqual({ error: "no payment of ours", done: true });
});

test("billing 20: an old event that comes again after a refund does not bring the money back", async () => {
  const debtor = await owing();
  await charge(debtor);
  const told = standIn.books.events.at(-1);
  await deliver();
  const [paid] = await sql`select id from payments where organization_id = ${debtor.ctx.organizationId}`;
  const { organizationId } = debtor.ctx;
  const bought = { amount: 1000n, kind: "purchased", reason: "Bought ahead", expiresOn: undefined } as const;
  await grantCredit(house(), { organizationId, ...bought });
  await refund(house(), { organizationId, paymentId: paid?.id, amount: 1000n });
  for (const id of ["evt_again_1", "evt_again_2"]) {
    if (!told) throw new Error("Nothing was told.");
    const { body, signature } = standIn.webhooks.sign({ ...told, id });
    await receiveEvent(house(), "stripe", body, signature);
    await workOffEvent(house(), "stripe", id);
  }
  expect(await cashOf(debtor.ctx)).toBe(6000);
  expect(await attempts(debtor.ctx)).toMatchObject([{ state: "succeeded" }]);
});

test("billing 21: an event with a wrong signature, an old one, one of the other mode or one that is too large is refused", async () => {
  const event = {
    ...{ id: "evt_bad", object: "event", api_version: null, created: standIn.books.now(), livemode: false },
    ...{ pending_webhooks: 1, request: null, type: "payment_intent.succeeded", data: { object: { id: "pi_1" } } },
  };
  const of = (sent: ReturnType<typeof standIn.webhooks.sign>) =>
    receiveEvent(house(), "stripe", sent.body, sent.signature);
  await expect(of(standIn.webhooks.sign(event, { secret: "whsec_other" }))).rejects.toThrow();
  await expect(of(standIn.webhooks.sign(event, { ageSeconds: 301 }))).rejects.toThrow();
  await expect(of(standIn.webhooks.sign({ ...event, livemode: true }))).rejects.toThrow();
  await expect(of(standIn.webhooks.sign({ ...event, filling: "x".repeat(512 * 1024) }))).rejects.toThrow();
  const unsigned = standIn.webhooks.sign(event).body;
  await expect(receiveEvent(house(), "stripe", unsigned, undefined)).rejects.toThrow();
  expect(await sql`select from provider_events where event_id = 'evt_bad'`).toHaveLength(0);
});

test("billing 22: a debit that comes after the month was closed is taken off once; one that bounces then is owed and dunned", async () => {
  const [coming, failing] = [await owing(debit), await owing(bouncing)];
  for (const debtor of [coming, failing]) await charge(debtor);
  const end = new Date(Date.UTC(now().getUTCFullYear(), now().getUTCMonth() + 1, 1, 2));
  const month = `${now().toISOString().slice(0, 7)}-01`;
  standIn.books.advance(end.getTime() - now().getTime());
  for (const { ctx } of [coming, failing]) expect(await closeMonth(asSystem(ctx, db, now()), month)).toBe("closed");
  standIn.settleDebits();
  await deliver({ twice: true, backwards: true });
  expect(await attempts(coming.ctx)).toMatchObject([{ state: "succeeded" }]);
  expect(await attempts(failing.ctx)).toMatchObject([{ state: "failed" }]);
  const states = ({ ctx }: typeof coming) =>
    sql`select kind, state from invoices where organization_id = ${ctx.organizationId} and kind = 'advance'`;
  expect(await states(coming)).toEqual([{ kind: "advance", state: "paid" }]);
  expect(await states(failing)).toEqual([{ kind: "advance", state: "open" }]);
  await enter(failing.ctx, card);
  await charge(failing);
  expect(await states(failing)).toEqual([{ kind: "advance", state: "paid" }]);
});

test("billing 23: while a page to pay is open nothing is charged by itself, and while a charge is under way no page opens", async () => {
  const debtor = await owing();
  const pay = () =>
    beginPayment({ ...debtor.ctx, now: now() } as Context, { invoiceId: debtor.invoiceId, returnTo: "/billing" });
  const ref = new URL(await pay()).pathname.split("/").at(-1) ?? "";
  const both = [charge(debtor), Promise.resolve(standIn.enter(ref, { number: card }))];
  expect(await Promise.all(both)).toEqual(["nothing", true]);
  await deliver({ twice: true });
  expect(await attempts(debtor.ctx)).toMatchObject([{ state: "succeeded" }]);
  expect(await cashOf(debtor.ctx)).toBe(6000);
  const other = await owing(debit);
  await charge(other);
  await expect(
    beginPayment({ ...other.ctx, now: now() } as Context, { invoiceId: other.invoiceId, returnTo: "/billing" }),
  ).rejects.toMatchObject({ problem: "conflict" });
});

test("billing 30: an event is not acknowledged while the database is away, and taken when it comes again", async () => {
  const debtor = await owing(debit);
  await charge(debtor);
  standIn.settleDebits();
  const [paid] = await sql`select ref from payments where organization_id = ${debtor.ctx.organizationId}`;
  const sent = standIn.webhooks.take({ backwards: true }).find(({ body }) => body.includes(paid?.ref));
  if (!sent) throw new Error("Nothing was told.");
  const away = { ...house(), db: { transaction: () => Promise.reject(new Error("The database is away.")) } as never };
  await expect(receiveEvent(away, "stripe", sent.body, sent.signature)).rejects.toThrow("away");
  await receiveEvent(house(), "stripe", sent.body, sent.signature);
  await deliver();
  expect(await attempts(debtor.ctx)).toMatchObject([{ state: "succeeded" }]);
});

test("billing 31: a failure that is told of many times is written about once", async () => {
  const debtor = await owing("4000000000000341");
  await charge(debtor);
  await deliver({ twice: true });
  for (const minutes of [3, 3]) await later(minutes);
  const [row] = await sql`select count(*)::int as letters from letters
    where organization_id = ${debtor.ctx.organizationId} and kind = 'billing.payment-failed'`;
  const [{ readers } = { readers: 0 }] = await sql`select count(distinct recipient)::int as readers from letters
    where organization_id = ${debtor.ctx.organizationId} and kind = 'billing.payment-failed'`;
  expect(row?.letters).toBe(readers);
  expect(readers).toBeGreaterThan(0);
});

test("billing 39: a chargeback opens the debt again once, whatever is told how often, and a lost one stays so", async () => {
  const debtor = await owing();
  await charge(debtor);
  const [paid] = await sql`select ref from payments where organization_id = ${debtor.ctx.organizationId}`;
  const dispute = openDispute(standIn.books, paid?.ref);
  await deliver({ twice: true, backwards: true });
  decideDispute(standIn.books, dispute.id, "lost");
  await deliver({ twice: true });
  const [invoice] = await sql`select state, paid_cents::int as paid from invoices where id = ${debtor.invoiceId}`;
  expect(invoice).toEqual({ state: "open", paid: 0 });
  expect(await cashOf(debtor.ctx)).toBe(0);
  // The method is frozen: nothing is taken from it by itself again.
  expect(await charge(debtor)).toBe("asked");
});

test("a chargeback that is won after the debt was paid again is the customer's credit", async () => {
  const debtor = await owing();
  await charge(debtor);
  const [paid] = await sql`select ref from payments where organization_id = ${debtor.ctx.organizationId}`;
  const dispute = openDispute(standIn.books, paid?.ref);
  await deliver();
  await enter(debtor.ctx, "5555555555554444");
  expect(await charge(debtor)).toBe("charged");
  decideDispute(standIn.books, dispute.id, "won");
  await deliver();
  expect(await cashOf(debtor.ctx)).toBe(12_000);
  const [credit] =
    await sql`select sum(remaining_cents)::int as left from credit_grants where organization_id = ${debtor.ctx.organizationId}`;
  expect(credit?.left).toBe(6000);
});

test("billing 40: what a test key collects is in the test series, and leaves the legal one without a number", async () => {
  const numbers = await sql`select number, livemode from invoices`;
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers.filter(({ number, livemode }) => livemode || !/^TEST-/.test(number))).toEqual([]);
  expect(await sql`select series from number_series where series not like 'TEST-%'`).toEqual([]);
});

test("the books of all of it agree", async () => {
  expect((await verify(house())).filter(({ violations }) => violations > 0)).toEqual([]);
});
