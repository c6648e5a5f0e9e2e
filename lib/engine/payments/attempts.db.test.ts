import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { AppError } from "#lib/core/errors.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { attemptOf, customerWith, type PaymentDesk, sandboxDesk, stripeDesk } from "#lib/testing/payments.ts";
import type { Fault } from "#lib/testing/stripe/faults.ts";
import type { Attempt, ChargeResult, HostedPage } from "./port.ts";

const { db } = await testDatabase();
const stripe = await stripeDesk();
afterAll(() => stripe.close());

const numbers = [
  "4242424242424242",
  "4000000000000341",
  "4000002760003184",
  "DE89370400440532013000",
  "DE62370400440532013001",
] as const;
const steps = ["charge", "lookup", "cancel", "page", "enter", "confirm", "expire", "settle", "day"] as const;
const faults = ["error_after", "error_before", "overload"] as const satisfies readonly Fault["kind"][];

type Step = { name: (typeof steps)[number]; entered: string };
type Life = { attempt: Attempt; page: HostedPage | null; isCanceled: boolean };

/** What a caller does that remembers references, and charges nothing beside a page. */
async function step(desk: PaymentDesk, { name, entered }: Step, life: Life): Promise<ChargeResult | null> {
  const { provider } = desk;
  switch (name) {
    case "charge":
      return life.page ? provider.charge({ ...life.attempt, ref: life.page.ref }) : provider.charge(life.attempt);
    case "lookup": {
      const found = await provider.lookup(life.attempt);
      return found === "not_found" ? null : found;
    }
    case "cancel":
      return provider.cancel(life.attempt);
    case "page":
      life.page = await provider.beginPayment(life.attempt, "http://localhost/");
      break;
    case "enter":
      if (life.page) await desk.enter(life.page.ref, entered);
      break;
    case "confirm":
      if (life.page) await desk.confirm(life.page.ref);
      break;
    case "expire":
      if (life.page) await provider.expirePage(life.page.ref);
      break;
    case "settle":
      await desk.settleDebits();
      break;
    case "day":
      desk.advance(25 * 3_600_000);
  }
  return null;
}

/** What is refused changes nothing: a page that is over, a payment that is decided. */
async function trying<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && error.name === "Error" && "status" in error))
      return null;
    throw error;
  }
}

type Plan = [Step["name"], Step["entered"], Fault["kind"] | null][];

/** One plan for each result there is: what chance leaves out is tried all the same. */
const eachResult: [(typeof numbers)[number], Plan][] = [
  ["4242424242424242", [["charge", "", null]]],
  ["DE89370400440532013000", [["charge", "", null]]],
  ["4000000000000341", [["charge", "", null]]],
  [
    "4000002760003184",
    [
      ["charge", "", null],
      ["cancel", "", null],
      ["lookup", "", null],
    ],
  ],
];

/** The books of the provider are the judge of what it says. */
async function judge(desk: PaymentDesk, life: Life, result: ChargeResult | null): Promise<void> {
  const books = await desk.provider.paymentsSince(life.attempt.createdAt);
  const own = books.filter(({ attemptId }) => attemptId === life.attempt.id);
  const taken = own.filter(({ state }) => state === "succeeded" || state === "processing");
  expect(taken.length).toBeLessThanOrEqual(1);
  expect(own.every(({ amount }) => amount === life.attempt.amount)).toBe(true);
  if (life.isCanceled) expect(taken).toEqual([]);
  if (result?.kind === "succeeded" || result?.kind === "processing")
    expect(taken).toMatchObject([{ ref: result.ref, state: result.kind }]);
  if (result?.kind === "failed" || result?.kind === "canceled") expect(taken).toEqual([]);
}

test.each([sandboxDesk(db), stripe])(
  "$name: whatever is asked in whatever order, an attempt takes its amount once at most, and what is said is so",
  async (desk) => {
    const errors = catchErrorLog();
    const name = fc.oneof({ weight: 2, arbitrary: fc.constant("charge" as const) }, fc.constantFrom(...steps));
    const number = fc.constantFrom(...numbers);
    const plan = fc.array(fc.tuple(name, number, fc.option(fc.constantFrom(...faults), { freq: 4 })), {
      minLength: 2,
      maxLength: 9,
    });
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(number, plan, async (number, plan) => {
        const one: Life = { attempt: attemptOf(desk, await customerWith(desk, number)), page: null, isCanceled: false };
        for (const [name, entered, fault] of plan) {
          if (fault && desk === stripe) stripe.standIn.faults.plan({ on: "POST /v1/payment_intents", kind: fault });
          const result = await trying(() => step(desk, { name, entered }, one));
          stripe.standIn.faults.clear();
          kinds.add(result?.kind ?? "none");
          await judge(desk, one, result);
          one.isCanceled ||= name === "cancel" && result?.kind === "canceled";
        }
      }),
      { numRuns: 100, examples: eachResult },
    );
    errors.restore();
    expect([...kinds]).toEqual(
      expect.arrayContaining(["succeeded", "processing", "failed", "requires_action", "canceled"]),
    );
    expect(desk.violations()).toEqual([]);
  },
);

test.each([sandboxDesk(db), stripe])(
  "$name: what is asked at the same time comes to one payment or none, and everyone hears the same in the end",
  async (desk) => {
    const errors = catchErrorLog();
    const together = fc.array(fc.constantFrom("charge", "charge", "lookup", "cancel", "page"), {
      minLength: 2,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...numbers), together, async (number, names) => {
        const one: Life = { attempt: attemptOf(desk, await customerWith(desk, number)), page: null, isCanceled: false };
        // Callers charge an attempt, or open a page for it, and never both.
        const hasPage = names[0] === "page";
        const own = names.filter((name) => name !== (hasPage ? "charge" : "page"));
        await Promise.all(own.map((name) => trying(() => step(desk, { name, entered: number }, one))));
        if (one.page) await trying(() => step(desk, { name: "enter", entered: number }, one));
        const [first, second] = [await step(desk, lookup, one), await step(desk, lookup, one)];
        expect(first).toEqual(second);
        await judge(desk, one, first);
      }),
      { numRuns: 60 },
    );
    errors.restore();
    expect(desk.violations()).toEqual([]);
  },
);

const lookup: Step = { name: "lookup", entered: "" };
