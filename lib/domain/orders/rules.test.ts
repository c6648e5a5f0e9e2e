import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conflictsOf, phaseOf, readTerms, writtenTerms } from "./rules.ts";

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String);
const terms = fc.record(
  {
    "price:input:a:b": amount,
    cap: fc.option(amount, { nil: null }),
    commitment: amount,
    discount: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => String(hundredths / 100)),
    thresholds: fc.record({
      amounts: fc
        .uniqueArray(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 6 })
        .map((amounts) => amounts.toSorted((a, b) => a - b).map(String)),
      step: fc.option(fc.integer({ min: 1, max: 10 ** 9 }).map(String), { nil: null }),
    }),
    "days.net": fc.integer({ min: 0, max: 365 }),
    "members.max": fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: null }),
    "zero-retention": fc.boolean(),
    collection: fc.constantFrom("auto", "send_invoice"),
  },
  { requiredKeys: [] },
);

describe("T-3-PO: the terms of an order", () => {
  test("are read as they are written, to the last decimal", () => {
    fc.assert(
      fc.property(terms, (terms) => {
        expect(readTerms(writtenTerms(terms))).toEqual({ terms, problems: [] });
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["days.net = many", "cannot be"],
    ["days.net = 45\ndays.net = 45", "stated twice"],
    ["magic = 1", "no value called"],
    ["price:guess:m = 1", "no value called"],
    ["constructor = 1", "no value called"],
    ["cap = 1.001", "cannot be"],
    ["discount = 101", "cannot be"],
    ["training = yes", "cannot be"],
    ["thresholds = 200; 50", "cannot be"],
    ["days.net", "cannot be"],
  ])("are refused by line: %j", (text, words) => {
    expect(readTerms(text).problems).toEqual([expect.stringContaining(words)]);
  });
});

const day = fc.integer({ min: 0, max: 20 }).map((days) => new Date(Date.UTC(2026, 0, 1 + days)));
const order = fc
  .record({
    id: fc.uuid(),
    a: day,
    b: fc.option(day, { nil: null }),
    position: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    keys: fc.uniqueArray(fc.constantFrom("cap", "days.net", "discount"), { minLength: 1 }),
  })
  .map(({ id, a, b, position, keys }) => ({
    id,
    startsAt: b && b < a ? b : a,
    endsAt: b && new Date(Math.max(a.getTime(), b.getTime()) + 1),
    position,
    terms: Object.fromEntries(keys.map((key) => [key, 1])),
  }));

test("contract 5, T-2-PREC: two orders conflict where, at some instant, both say the same and neither has a rank before the other", () => {
  fc.assert(
    fc.property(order, order, (one, other) => {
      const instants = [one, other].flatMap(({ startsAt }) => [startsAt]);
      const covers = ({ startsAt, endsAt }: typeof one, at: Date) => startsAt <= at && (endsAt === null || at < endsAt);
      const meets = instants.some((at) => covers(one, at) && covers(other, at));
      const isRanked = one.position !== null && other.position !== null && one.position !== other.position;
      const shared = Object.keys(one.terms).filter((key) => key in other.terms);
      expect(conflictsOf(one, [other])).toEqual(meets && !isRanked ? shared.toSorted() : []);
      expect(conflictsOf(other, [one])).toEqual(conflictsOf(one, [other]));
    }),
  );
});

test("an order stands by its days, and by what ended it first", () => {
  const [begin, middle, end] = [1, 5, 9].map((day) => new Date(Date.UTC(2026, 0, day))) as [Date, Date, Date];
  const active = { state: "active" as const, startsAt: begin, endsAt: end, activatedAt: begin, endedAt: null };
  const before = new Date(begin.getTime() - 1);
  expect([before, begin, new Date(end.getTime() - 1), end].map((at) => phaseOf(active, at))).toEqual([
    "to come",
    "in force",
    "in force",
    "ended",
  ]);
  const superseded = { ...active, state: "superseded" as const, endedAt: middle };
  expect([begin, middle, end].map((at) => phaseOf(superseded, at))).toEqual(["in force", "superseded", "superseded"]);
  expect(phaseOf({ ...active, state: "withdrawn", endedAt: middle }, middle)).toBe("withdrawn");
  expect(phaseOf({ ...active, state: "draft", activatedAt: null }, middle)).toBe("draft");
});
