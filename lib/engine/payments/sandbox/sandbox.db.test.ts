import { afterAll, expect, test } from "vitest";
import { connect } from "#db/pool.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { cents } from "#lib/core/money.ts";
import { attemptOf, customerWith, sandboxDesk } from "#lib/testing/payments.ts";
import { sandboxCards, sandboxIbans, sandboxMethodInput } from "./cards.ts";
import {
  confirmSandboxPayment,
  enterSandboxMethod,
  openSandboxChargebacks,
  sandboxPage,
  settleSandboxDebits,
} from "./pages.ts";

const { db, sql, url } = await testDatabase();
const other = connect(url);
afterAll(() => other.sql.end());

/** Two processes: each has its own connections, and both have the same books. */
const [desk, second] = [sandboxDesk(db), sandboxDesk(other.db)];
const back = "http://localhost:3000/back";
const card = (number: string, more: object = {}) =>
  sandboxMethodInput.parse({ number, expMonth: "12", expYear: "2040", ...more });
const rows = async (kind: string) =>
  Number((await sql`select count(*) from sandbox_objects where kind = ${kind}`)[0]?.count);

const opened = async (number = "4242424242424242") => {
  const attempt = attemptOf(desk, await customerWith(desk, number));
  const page = await desk.provider.beginPayment(attempt, back);
  return { attempt, page };
};

test("two processes that charge the same attempt at once come to one payment", async () => {
  const attempt = attemptOf(desk, await customerWith(desk, "4242424242424242"));
  const before = await rows("payment");
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, at) => (at % 2 ? desk : second).provider.charge(attempt)),
  );
  expect(new Set(results.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(await rows("payment")).toBe(before + 1);
});

test("a charge and a cancellation that cross come to one of the two, and both callers see the same", async () => {
  for (let round = 0; round < 10; round += 1) {
    const attempt = attemptOf(desk, await customerWith(desk, "4242424242424242"));
    const [charged, canceled] = await Promise.all([desk.provider.charge(attempt), second.provider.cancel(attempt)]);
    expect(canceled).toEqual(charged);
    expect(["succeeded", "canceled"]).toContain(charged.kind);
  }
});

test("a double click on a page enters one method, pays once, and is told the same", async () => {
  const { page, attempt } = await opened();
  const before = await rows("method");
  const clicks = await Promise.all(
    [db, other.db, db, other.db].map((one) => enterSandboxMethod(one, page.ref, card("4242424242424242"), desk.now())),
  );
  expect(new Set(clicks.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(clicks[0]?.subject).toMatchObject({ kind: "payment", attemptId: attempt.id });
  expect(await rows("method")).toBe(before + 1);
});

test("two refunds at once cannot both have the rest", async () => {
  const paid = await desk.provider.charge(attemptOf(desk, await customerWith(desk, "4242424242424242")));
  if (paid.kind !== "succeeded") throw new Error(paid.kind);
  const refund = (id: string) => ({ id, paymentRef: paid.ref, amount: cents(10_000n) });
  const both = await Promise.all([
    desk.provider.refund(refund("crossing-1")),
    second.provider.refund(refund("crossing-2")),
  ]);
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(["failed", "succeeded"]);
});

test("a debit is settled by one of two workers, and told once", async () => {
  const attempt = attemptOf(desk, await customerWith(desk, "DE89370400440532013000"));
  await desk.provider.charge(attempt);
  expect(await settleSandboxDebits(db, desk.now())).toEqual([]);
  const later = new Date(desk.now().getTime() + 120_000);
  const told = await Promise.all([settleSandboxDebits(db, later), settleSandboxDebits(other.db, later)]);
  expect(told.flat()).toMatchObject([{ type: "payment.succeeded", livemode: false }]);
});

test("the card that disputes is charged back once", async () => {
  await desk.provider.charge(attemptOf(desk, await customerWith(desk, "4000000000000259")));
  const later = new Date(desk.now().getTime() + 120_000);
  const told = await Promise.all([openSandboxChargebacks(db, later), openSandboxChargebacks(other.db, later)]);
  expect(told.flat()).toHaveLength(1);
  expect(await openSandboxChargebacks(db, later)).toEqual([]);
});

test("a page says what it needs: a number, a confirmation, nothing more", async () => {
  const { page, attempt } = await opened();
  const shown = () => sandboxPage(db, page.ref, desk.now());
  expect(await shown()).toEqual({
    ref: page.ref,
    mode: "payment",
    state: "open",
    needs: "method",
    amount: attempt.amount,
    invoiceNumber: attempt.invoiceNumber,
    method: null,
    returnUrl: back,
  });
  await expect(confirmSandboxPayment(db, page.ref, "confirmed", desk.now())).rejects.toMatchObject({
    problem: "conflict",
  });
  await enterSandboxMethod(db, page.ref, card("4000002760003184"), desk.now());
  expect(await shown()).toMatchObject({ state: "open", needs: "confirmation", method: { last4: "3184" } });
  await confirmSandboxPayment(db, page.ref, "confirmed", desk.now());
  expect(await shown()).toMatchObject({ state: "complete" });
  expect(await sandboxPage(db, "sbpage_none")).toBeNull();
});

test("a person who refuses to confirm ends the attempt", async () => {
  const { page, attempt } = await opened();
  await enterSandboxMethod(db, page.ref, card("4000002500003155"), desk.now());
  await confirmSandboxPayment(db, page.ref, "refused", desk.now());
  expect(await desk.provider.lookup(attempt)).toMatchObject({ kind: "failed", code: "authentication_failed" });
  expect(await sandboxPage(db, page.ref, desk.now())).toMatchObject({ state: "expired" });
});

test("a declined number says so at its field, leaves the page open, and leaves no method behind", async () => {
  const { page } = await opened();
  const before = await rows("method");
  for (const number of ["4000000000000002", "4000000000009995", "4000000000000341"])
    await expect(enterSandboxMethod(db, page.ref, card(number), desk.now())).rejects.toMatchObject({
      problem: "invalid",
      fields: { number: [expect.any(String)] },
    });
  const past = card("4242424242424242", { expMonth: "10", expYear: "2026" });
  await expect(enterSandboxMethod(db, page.ref, past, desk.now())).rejects.toThrow("expired");
  expect(await rows("method")).toBe(before);
  expect(await sandboxPage(db, page.ref, desk.now())).toMatchObject({ state: "open", needs: "method" });
});

test("a card pays until the end of its month, and no longer", async () => {
  const { ref: customerRef } = await desk.provider.ensureCustomer({
    organizationId: "org_old",
    name: "Old",
    email: "old@example.com",
    country: null,
  });
  const page = await desk.provider.beginSetup({ id: "old", customerRef, returnUrl: back });
  await enterSandboxMethod(db, page.ref, card("4242424242424242", { expMonth: "11", expYear: "2026" }), desk.now());
  const { methodRef } = await desk.provider.pageState(page.ref);
  const owner = { customerRef, methodRef };
  expect(await desk.provider.charge(attemptOf(desk, owner))).toMatchObject({ kind: "succeeded" });
  desk.advance(30 * 86_400_000);
  expect(await desk.provider.charge(attemptOf(desk, owner))).toMatchObject({
    kind: "failed",
    code: "expired_card",
    advice: "new_method",
  });
});

test("what a person may enter is a test number with its month and year, however it is spaced", () => {
  for (const { number } of sandboxCards) {
    const spaced = number.replace(/(.{4})/g, "$1 ");
    expect(sandboxMethodInput.safeParse({ number: spaced, expMonth: "1", expYear: "2030" }).success, number).toBe(true);
    expect(sandboxMethodInput.safeParse({ number }).success, number).toBe(false);
  }
  for (const { number } of sandboxIbans)
    expect(sandboxMethodInput.parse({ number: number.toLowerCase(), expMonth: "", expYear: "" }).type).toBe(
      "sepa_debit",
    );
  for (const number of ["", "x", "4111111111111111", "FR1420041010050500013M02606", "4242424242424242x"])
    expect(sandboxMethodInput.safeParse({ number, expMonth: "1", expYear: "2030" }).success, number).toBe(false);
  for (const expMonth of ["0", "13", "1.5", "x"])
    expect(sandboxMethodInput.safeParse({ number: "4242424242424242", expMonth, expYear: "2030" }).success).toBe(false);
});

test("no number is kept, and no tenant can read the books", async () => {
  await customerWith(desk, "4242424242424242");
  const found = await sql`select id from sandbox_objects where body::text ~ '4242424242|37040044'`;
  expect(found).toEqual([]);
  const tenant = tenantDb({}, sql);
  await expect(sandboxPage(tenant, "sbpage_none")).rejects.toThrow();
});
