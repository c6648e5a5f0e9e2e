import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { cents } from "#lib/core/money.ts";
import {
  attemptOf,
  customerWith,
  manualDesk,
  type PaymentDesk,
  sandboxDesk,
  stripeDesk,
} from "#lib/testing/payments.ts";

const { db } = await testDatabase();
const desks: PaymentDesk[] = [manualDesk(), sandboxDesk(db), await stripeDesk()];
afterAll(() => Promise.all(desks.map((desk) => desk.close())));

const back = "http://localhost:3000/back";
const ok = "4242424242424242";
const day = 86_400_000;

describe.each(desks)("$name", (desk) => {
  const { provider } = desk;
  const { offSession, hostedSetup, refunds, chargebacks } = provider.capabilities;

  test("an amount is asked for under a reference or charged, and asking again is the same", async () => {
    const { ref: customerRef } = await provider.ensureCustomer(snapshot("same"));
    const attempt = attemptOf(desk, { customerRef });
    const first = await provider.charge(attempt);
    expect(await provider.charge(attempt)).toEqual(first);
    if (!offSession) expect(first).toMatchObject({ kind: "awaiting_transfer", reference: /^RF\d\d[A-Z0-9]+$/ });
    // Without a method there is nothing to charge.
    else expect(first).toMatchObject({ kind: "failed", advice: "new_method" });
  });

  test("a customer who comes again is the same", async () => {
    const first = await provider.ensureCustomer(snapshot("known"));
    const again = { ...snapshot("known"), name: "Renamed", country: null };
    expect(await provider.ensureCustomer(again)).toEqual(first);
    expect(await provider.ensureCustomer({ ...again, ref: first.ref })).toEqual(first);
  });

  test("less than the minimum is never asked for", async () => {
    const { ref: customerRef } = await provider.ensureCustomer(snapshot("small"));
    const attempt = attemptOf(desk, { customerRef, amount: cents(provider.minimumCharge - 1n) });
    if (offSession)
      expect(await provider.charge(attempt)).toMatchObject({
        kind: "failed",
        code: "amount_too_small",
        advice: "never",
      });
    if (hostedSetup) await expect(provider.beginPayment(attempt, back)).rejects.toThrow("cannot be paid");
    expect(provider.minimumCharge).toBeGreaterThan(0n);
  });

  test("what is not offered says so, and is not silently done", async () => {
    const attempt = attemptOf(desk, { customerRef: "cus_none" });
    if (!hostedSetup) {
      const page = { id: "none", customerRef: "cus_none", returnUrl: back };
      for (const asked of [provider.beginSetup(page), provider.beginPayment(attempt, back), provider.pageState("page")])
        await expect(asked).rejects.toMatchObject({ code: "not_offered" });
    }
    if (!refunds)
      expect(await provider.refund({ id: "r", paymentRef: "p", amount: cents(1n) })).toMatchObject({ kind: "failed" });
    if (!chargebacks) expect(await provider.chargeback("dispute")).toBeNull();
    expect(() => provider.verifyEvent(Buffer.from("{}"), "t=1,v1=00", desk.now())).toThrow();
  });

  describe.skipIf(!offSession)("with methods that are charged without the person", () => {
    let paying: { customerRef: string; methodRef: string };
    beforeAll(async () => {
      paying = await customerWith(desk, ok);
    });

    test("a card is charged once, however often it is asked", async () => {
      const attempt = attemptOf(desk, paying);
      const results = await Promise.all(Array.from({ length: 4 }, () => provider.charge(attempt)));
      const paid = results.find(({ kind }) => kind === "succeeded");
      expect(paid).toBeDefined();
      // One that arrived while another was under way knows nothing yet.
      expect(results.filter((one) => one.kind !== "unknown" && one !== paid)).toEqual(
        results.filter((one) => one.kind === "succeeded" && one !== paid),
      );
      const since = await provider.paymentsSince(attempt.createdAt);
      expect(since.filter(({ attemptId }) => attemptId === attempt.id)).toEqual([
        { ref: expect.any(String), attemptId: attempt.id, amount: attempt.amount, state: "succeeded" },
      ]);
    });

    test("what was charged is found with its reference and without, and what was never asked is not", async () => {
      const attempt = attemptOf(desk, paying);
      expect(await provider.lookup(attempt)).toBe("not_found");
      const result = await provider.charge(attempt);
      if (result.kind !== "succeeded") throw new Error(result.kind);
      expect(await provider.lookup(attempt)).toEqual(result);
      expect(await provider.lookup({ ...attempt, ref: result.ref })).toEqual(result);
    });

    test("the same attempt with another amount moves no money and is unknown", async () => {
      const attempt = attemptOf(desk, paying);
      await provider.charge(attempt);
      expect(await provider.charge({ ...attempt, amount: cents(99n) })).toEqual({ kind: "unknown" });
      expect(await provider.lookup({ ...attempt, amount: cents(99n) })).toEqual({ kind: "unknown" });
      expect(await provider.lookup(attempt)).toMatchObject({ kind: "succeeded" });
    });

    test("what succeeded cannot be canceled, and says so", async () => {
      const attempt = attemptOf(desk, paying);
      const paid = await provider.charge(attempt);
      expect(await provider.cancel(attempt)).toEqual(paid);
    });

    test.each([["4000000000000341", "new_method"]] as const)("a decline of %s advises %s", async (number, advice) => {
      const attempt = attemptOf(desk, await customerWith(desk, number));
      const failed = await provider.charge(attempt);
      expect(failed).toMatchObject({ kind: "failed", advice, code: expect.any(String) });
      expect(await provider.lookup(attempt)).toEqual(failed);
    });

    test("a method of another customer, or one that is detached, is not charged", async () => {
      const other = await customerWith(desk, ok);
      const mixed = attemptOf(desk, { customerRef: other.customerRef, methodRef: paying.methodRef });
      expect(await provider.charge(mixed)).toMatchObject({ kind: "failed", advice: "new_method" });
      expect(await provider.method(other.methodRef)).toMatchObject({ type: "card", brand: "visa", last4: "4242" });
      await provider.detach(other.methodRef);
      await provider.detach(other.methodRef);
      expect(await provider.method(other.methodRef)).toBeNull();
      expect(await provider.charge(attemptOf(desk, other))).toMatchObject({ kind: "failed", advice: "new_method" });
      expect(await provider.method("pm_never")).toBeNull();
    });

    test.each([
      ["DE89370400440532013000", "succeeded"],
      ["DE62370400440532013001", "failed"],
    ] as const)("a debit of %s is under way, and then has %s", async (iban, end) => {
      const attempt = attemptOf(desk, await customerWith(desk, iban));
      const taken = await provider.charge(attempt);
      expect(taken).toMatchObject({ kind: "processing", ref: expect.any(String) });
      expect(await provider.cancel(attempt)).toEqual(taken);
      desk.events();
      await desk.settleDebits();
      const ended = await provider.lookup(attempt);
      expect(ended).toMatchObject({ kind: end });
      if (end === "failed") expect(ended).toMatchObject({ code: "insufficient_funds", advice: "retry_later" });
      expect(desk.events().map(({ subject }) => subject)).toContainEqual(
        expect.objectContaining({ kind: "payment", attemptId: attempt.id }),
      );
    });

    test.each(["4000002500003155", "4000002760003184"])(
      "%s asks for the person, who pays on a page: once, whatever is asked meanwhile",
      async (number) => {
        const attempt = attemptOf(desk, await customerWith(desk, number));
        expect(await provider.charge(attempt)).toMatchObject({ kind: "requires_action" });
        expect(await provider.lookup(attempt)).toMatchObject({ kind: "requires_action" });
        const page = await provider.beginPayment(attempt, back);
        expect(await provider.beginPayment(attempt, back)).toEqual(page);
        expect(await provider.lookup({ ...attempt, ref: page.ref })).toMatchObject({
          kind: "requires_action",
          redirectUrl: page.redirectUrl,
        });
        await desk.enter(page.ref, number);
        await desk.confirm(page.ref);
        for (const ref of [null, page.ref])
          expect(await provider.lookup({ ...attempt, ref })).toMatchObject({ kind: "succeeded" });
        await expect(provider.beginPayment(attempt, back)).rejects.toMatchObject({ problem: "conflict" });
        const paid = (await provider.paymentsSince(attempt.createdAt)).filter(
          ({ attemptId, state }) => attemptId === attempt.id && state === "succeeded",
        );
        expect(paid).toMatchObject([{ amount: attempt.amount }]);
      },
    );

    test("a charge that waits for the person can be canceled", async () => {
      const attempt = attemptOf(desk, await customerWith(desk, "4000002760003184"));
      await provider.charge(attempt);
      expect(await provider.cancel(attempt)).toMatchObject({ kind: "canceled" });
      expect(await provider.lookup(attempt)).toMatchObject({ kind: "canceled" });
    });
  });

  describe.skipIf(!hostedSetup)("with hosted pages", () => {
    test("a page for a method is opened once, takes one, and tells of it", async () => {
      const { ref: customerRef } = await provider.ensureCustomer(snapshot("page"));
      const wanted = { id: `page-${desk.name}`, customerRef, returnUrl: back };
      const page = await provider.beginSetup(wanted);
      expect(await provider.beginSetup(wanted)).toEqual(page);
      expect(page.redirectUrl).toMatch(/^http/);
      expect(page.expiresAt.getTime()).toBeGreaterThan(desk.now().getTime());
      expect(await provider.pageState(page.ref)).toEqual({ state: "open", methodRef: null, paymentRef: null });
      expect(await desk.enter(page.ref, "4000000000000002")).toBe(false);
      expect(await provider.pageState(page.ref)).toMatchObject({ state: "open" });
      desk.events();
      expect(await desk.enter(page.ref, ok)).toBe(true);
      const state = await provider.pageState(page.ref);
      expect(state).toEqual({ state: "complete", methodRef: expect.any(String), paymentRef: null });
      expect(await provider.method(state.methodRef ?? "")).toEqual({
        ref: state.methodRef,
        type: "card",
        brand: "visa",
        last4: "4242",
        expMonth: 12,
        expYear: 2040,
      });
      expect(desk.events().map(({ subject }) => subject)).toContainEqual({ kind: "page", ref: page.ref });
      expect(await provider.expirePage(page.ref)).toEqual(state);
      await expect(provider.pageState("cs_test_none")).rejects.toMatchObject({ problem: "not_found" });
    });

    test("a person pays on a page after a decline, and the attempt is found paid", async () => {
      const { ref: customerRef } = await provider.ensureCustomer(snapshot("hosted"));
      const attempt = attemptOf(desk, { customerRef });
      const page = await provider.beginPayment(attempt, back);
      expect(await provider.lookup(attempt)).toMatchObject({ kind: "requires_action", redirectUrl: page.redirectUrl });
      expect(await desk.enter(page.ref, "4000000000009995")).toBe(false);
      expect(await provider.lookup({ ...attempt, ref: page.ref })).toMatchObject({ kind: "requires_action" });
      expect(await desk.enter(page.ref, ok)).toBe(true);
      const paid = await provider.lookup({ ...attempt, ref: page.ref });
      expect(paid).toMatchObject({ kind: "succeeded" });
      expect(await provider.lookup(attempt)).toEqual(paid);
      expect(await provider.pageState(page.ref)).toMatchObject({ state: "complete", paymentRef: expect.any(String) });
      expect(await provider.cancel(attempt)).toEqual(paid);
    });

    test("a page that is closed, or a day old, takes no money any more, and its attempt is canceled", async () => {
      const { ref: customerRef } = await provider.ensureCustomer(snapshot("closed"));
      const ways = {
        closed: (ref: string) => provider.expirePage(ref),
        old: async () => desk.advance(day + 1000),
      };
      for (const [way, end] of Object.entries(ways)) {
        const attempt = attemptOf(desk, { customerRef });
        const page = await provider.beginPayment(attempt, back);
        await end(page.ref);
        expect(await provider.pageState(page.ref), way).toMatchObject({ state: "expired" });
        expect(await provider.expirePage(page.ref), way).toMatchObject({ state: "expired" });
        expect(await desk.enter(page.ref, ok).catch(() => false), way).toBe(false);
        expect(await provider.lookup({ ...attempt, ref: page.ref }), way).toMatchObject({ kind: "canceled" });
        await expect(provider.beginPayment(attempt, back), way).rejects.toMatchObject({ problem: "conflict" });
      }
    });

    test("canceling closes the page", async () => {
      const { ref: customerRef } = await provider.ensureCustomer(snapshot("cancel"));
      const attempt = attemptOf(desk, { customerRef });
      const page = await provider.beginPayment(attempt, back);
      expect(await provider.cancel({ ...attempt, ref: page.ref })).toMatchObject({ kind: "canceled" });
      expect(await provider.pageState(page.ref)).toMatchObject({ state: "expired" });
    });
  });

  test.skipIf(!refunds)("money goes back once for each refund, and never more than was paid", async () => {
    const attempt = attemptOf(desk, await customerWith(desk, ok));
    const paid = await provider.charge(attempt);
    if (paid.kind !== "succeeded") throw new Error(paid.kind);
    const refund = { id: `refund-${desk.name}`, paymentRef: paid.ref, amount: cents(10_000n) };
    expect(await provider.lookupRefund(refund)).toBe("not_found");
    const first = await provider.refund(refund);
    expect(first).toMatchObject({ kind: "succeeded" });
    expect(await provider.refund(refund)).toEqual(first);
    expect(await provider.lookupRefund(refund)).toEqual(first);
    const more = { ...refund, id: `${refund.id}-more` };
    expect(await provider.refund(more)).toMatchObject({ kind: "failed", code: "amount_too_large" });
    const none = { ...refund, id: `${refund.id}-none`, paymentRef: "pi_none" };
    expect(await provider.refund(none)).toMatchObject({ kind: "failed", code: "resource_missing" });
  });

  test.skipIf(!chargebacks)("a chargeback is told, found, and decided", async () => {
    const attempt = attemptOf(desk, await customerWith(desk, "4000000000000259"));
    const paid = await provider.charge(attempt);
    if (paid.kind !== "succeeded") throw new Error(paid.kind);
    desk.events();
    await desk.dispute(paid.ref);
    const subject = desk.events().find((event) => event.subject?.kind === "chargeback")?.subject;
    if (subject?.kind !== "chargeback") throw new Error("No chargeback was told.");
    expect(subject.paymentRef).toBe(paid.ref);
    const chargeback = { ref: subject.ref, paymentRef: paid.ref, amount: attempt.amount };
    expect(await provider.chargeback(subject.ref)).toEqual({ ...chargeback, state: "needs_response" });
    await desk.decideDispute(subject.ref, "lost");
    expect(await provider.chargeback(subject.ref)).toEqual({ ...chargeback, state: "lost" });
    expect(await provider.chargeback("dp_none")).toBeNull();
  });

  test("the provider's own contract was kept all along", () => {
    expect(desk.violations()).toEqual([]);
  });
});

const snapshot = (name: string) => ({
  organizationId: `org_${name}`,
  name,
  email: `${name}@example.com`,
  country: "DE",
});
