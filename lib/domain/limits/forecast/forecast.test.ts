import fc from "fast-check";
import { expect, test } from "vitest";
import { capsAbove, forecastOf, forecastPico, perDayPico, reachedAt, spendRateOf } from "./rules.ts";

const at = (text: string) => new Date(text);
const days = (first: number, spent: readonly bigint[]) =>
  spent.map((spentPico, i) => ({ day: `2026-11-${String(first + i).padStart(2, "0")}`, spentPico }));

test("before a day is over there is no spendRate, however much it has brought", () => {
  const now = at("2026-11-23T23:59:59Z");
  expect(spendRateOf(days(23, [500n]), "2026-11-23", now)).toBeNull();
  expect(spendRateOf([], null, now)).toBeNull();
});

test("the spendRate is that of the last seven full days; today and older days do not count", () => {
  const now = at("2026-11-23T10:00:00Z");
  const spent = days(14, [999n, 999n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 999n]);
  expect(spendRateOf(spent, "2026-10-01", now)).toEqual({ fullDays: 7, spentPico: 28n });
});

test("who began three days ago has three full days, quiet ones among them", () => {
  const now = at("2026-11-23T10:00:00Z");
  const spendRate = spendRateOf(days(20, [30n, 0n, 60n]), "2026-11-20", now);
  expect(spendRate).toEqual({ fullDays: 3, spentPico: 90n });
  expect(spendRate && perDayPico(spendRate)).toBe(30n);
});

test("days are counted over the end of a month and of February", () => {
  expect(spendRateOf([{ day: "2028-02-29", spentPico: 7n }], "2028-02-29", at("2028-03-02T00:00:00Z"))).toEqual({
    fullDays: 2,
    spentPico: 7n,
  });
  expect(spendRateOf([{ day: "2026-12-31", spentPico: 7n }], "2020-01-01", at("2027-01-01T00:00:00Z"))).toEqual({
    fullDays: 7,
    spentPico: 7n,
  });
});

const sixADay = { fullDays: 7, spentPico: 42n };

test.each([
  ["at noon of the 20th of 30 days", "2026-11-20T12:00:00Z", 121n, 184n],
  ["at the first instant of a month", "2026-11-01T00:00:00Z", 0n, 180n],
  ["at its last", "2026-11-30T23:59:59.999Z", 100n, 100n],
  ["in a leap February", "2028-02-01T00:00:00Z", 0n, 174n],
  ["in another February", "2027-02-01T00:00:00Z", 0n, 168n],
  ["over the end of a year", "2026-12-31T00:00:00Z", 10n, 16n],
])("the forecast is what is spent and the spendRate for the rest of the month: %s", (_name, now, settled, expected) => {
  expect(forecastPico(settled, sixADay, at(now))).toBe(expected);
});

test("the day a limit will be reached is told only if it comes before the reset", () => {
  const now = at("2026-11-20T00:00:00Z");
  expect(reachedAt(12n, sixADay, now)).toEqual(at("2026-11-22T00:00:00Z"));
  expect(reachedAt(66n, sixADay, now)).toBeNull();
  expect(reachedAt(1n, { fullDays: 7, spentPico: 0n }, now)).toBeNull();
});

const limit = { pico: 150n, words: "the spend limit" };
const orderCap = { pico: 130n, words: "the cap of the order" };
const twentieth = at("2026-11-20T12:00:00Z");

test.each([
  ["no cap", [], { endPico: 184n, stop: null }],
  ["a cap that is far away", [{ ...limit, pico: 185n }], { endPico: 184n, stop: null }],
  ["a cap that is met exactly at the end", [{ ...limit, pico: 184n }], { endPico: 184n, stop: null }],
  ["a limit", [limit], { endPico: 150n, stop: { cap: limit, at: at("2026-11-25T08:00:00Z") } }],
  ["the lower of two", [limit, orderCap], { endPico: 130n, stop: { cap: orderCap, at: at("2026-11-22T00:00:00Z") } }],
  [
    "a cap that is reached",
    [{ ...limit, pico: 121n }],
    { endPico: 121n, stop: { cap: { ...limit, pico: 121n }, at: twentieth } },
  ],
  [
    "a cap lowered below what is spent",
    [{ ...limit, pico: 0n }],
    { endPico: 121n, stop: { cap: { ...limit, pico: 0n }, at: twentieth } },
  ],
])("T-4.2.2.2-LIM1: the forecast ends at what may be spent: %s", (_name, caps, expected) => {
  expect(forecastOf(121n, caps, sixADay, twentieth)).toEqual(expected);
});

test("T-4.2.2.2-LIM1: whatever is spent, a forecast never says more than any cap allows, nor less than what is spent", () => {
  const amount = fc.bigInt(0n, 10n ** 18n);
  const moment = fc.date({ min: at("2026-01-01T00:00:00Z"), max: at("2028-12-31T23:59:59Z"), noInvalidDate: true });
  const pace = fc.record({ fullDays: fc.integer({ min: 1, max: 7 }), spentPico: amount });
  fc.assert(
    fc.property(amount, fc.array(amount, { maxLength: 3 }), pace, moment, (settled, picos, rate, now) => {
      const caps = picos.map((pico) => ({ pico, words: "a cap" }));
      const { endPico, stop } = forecastOf(settled, caps, rate, now);
      const free = forecastPico(settled, rate, now);
      const lowest = picos.reduce((least, pico) => (pico < least ? pico : least), free);
      expect(endPico).toBe(lowest > settled ? lowest : settled);
      expect(stop === null).toBe(picos.every((pico) => free <= pico));
      if (stop)
        expect(stop.at >= now && stop.at < new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1))).toBe(true);
    }),
  );
});

test("T-4.2.2.2-LIM1: a workspace's forecast leaves what others of the organization have used", () => {
  expect(capsAbove({ limitPico: null, settledPico: 9n }, { limitPico: 5n, settledPico: 1n })).toEqual([]);
  const caps = capsAbove({ limitPico: 100n, settledPico: 70n }, { limitPico: null, settledPico: 50n });
  expect(forecastOf(50n, caps, sixADay, twentieth)).toMatchObject({
    endPico: 80n,
    stop: { at: at("2026-11-25T12:00:00Z") },
  });
});
