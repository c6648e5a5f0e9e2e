import { expect, test } from "vitest";
import { keyLimitInput, limitInput } from "./input.ts";
import {
  daysInWords,
  dayWords,
  exceeds,
  isBlocked,
  isReached,
  type LimitStanding,
  leftPico,
  mayLimitKey,
  percentOf,
  readLimit,
  resetsAt,
  stateOf,
  tightest,
  typedEuros,
} from "./rules.ts";

const euro = 1_000_000_000_000n;

const standing = (given: Partial<LimitStanding>): LimitStanding => ({
  scope: "workspace",
  scopeId: "ws_a",
  period: "month",
  limitPico: null,
  alertPercents: [50, 80, 100],
  settledPico: 0n,
  heldPico: 0n,
  reservedPico: 0n,
  isRefusing: false,
  ...given,
});

test.each([
  ["149.999999999999 of 150 euros", 150n * euro - 1n, 150n * euro, false],
  ["150 of 150 euros: reaching is enough", 150n * euro, 150n * euro, true],
  ["more than the limit, which was lowered", 151n * euro, 150n * euro, true],
  ["nothing of a limit of nothing", 0n, 0n, true],
  ["anything without a limit", 10n ** 30n, null, false],
])("T-4.2.2.2-LIM1: spent %s", (_name, settledPico, limitPico, blocked) => {
  expect(isBlocked({ settledPico, limitPico })).toBe(blocked);
});

test("T-4.2.2.2-LIM1: a limit that refuses what is asked is used up, unless the request was only too big", () => {
  const nearly = { limitPico: 100n, settledPico: 99n };
  expect(isReached({ ...nearly, isRefusing: false })).toBe(false);
  expect(isReached({ ...nearly, isRefusing: true })).toBe(true);
  expect(isReached({ limitPico: 100n, settledPico: 89n, isRefusing: true })).toBe(false);
});

test("T-4.2.2.2-LIM1: of key, workspace and organization the one that leaves least counts", () => {
  const key = standing({ scope: "key", limitPico: 10n * euro, settledPico: 1n * euro });
  const workspace = standing({ limitPico: 100n * euro, settledPico: 95n * euro, heldPico: 2n * euro });
  const organization = standing({ scope: "organization" });
  expect(tightest([organization, workspace, key])?.scope).toBe("workspace");
  expect(tightest([organization, { ...workspace, settledPico: 0n }, key])?.scope).toBe("key");
  expect(tightest([organization])).toBeNull();
  expect(leftPico(workspace)).toBe(3n * euro);
  expect(leftPico({ ...workspace, settledPico: 200n * euro })).toBe(0n);
  expect(leftPico(organization)).toBeNull();
});

test.each([
  ["equal limits", 500n, 500n, false],
  ["a workspace one pico-euro above", 501n, 500n, true],
  ["a workspace without a limit", null, 500n, false],
  ["an organization without a limit", 501n, null, false],
])("T-4.2.2.2-LIM1: workspace and organization, %s", (_name, asked, above, refused) => {
  expect(exceeds(asked, above)).toBe(refused);
});

test.each([
  [0n, null, null, "unlimited"],
  [0n, 100n, 0, "calm"],
  [74n, 100n, 74, "calm"],
  [75n, 100n, 75, "near"],
  [9_999n, 10_000n, 99, "near"],
  [100n, 100n, 100, "reached"],
  [0n, 0n, 100, "reached"],
  [300n, 100n, 300, "reached"],
] as const)("%s spent of %s is %s per cent: %s", (settledPico, limitPico, percent, state) => {
  expect(percentOf({ settledPico, limitPico })).toBe(percent);
  expect(stateOf({ settledPico, limitPico, isRefusing: false })).toBe(state);
});

test("an owner with the right to make keys limits their own key; the person who limits the workspace limits every key", () => {
  expect(mayLimitKey(new Set(["keys.write"]), "usr_a", "usr_a")).toBe(true);
  expect(mayLimitKey(new Set(["keys.write"]), "usr_a", "usr_b")).toBe(false);
  expect(mayLimitKey(new Set(["limits.write"]), "usr_a", "usr_b")).toBe(true);
  expect(mayLimitKey(new Set(["limits.read"]), "usr_a", "usr_a")).toBe(false);
});

test.each([
  ["2026-11-23T23:59:59.999Z", "2026-12-01", "22 days in"],
  ["2026-11-30T18:30:00.000Z", "2026-12-01", "29 days in"],
  ["2026-12-01T00:00:00.000Z", "2027-01-01", "on the first day"],
  ["2027-12-31T23:59:59.999Z", "2028-01-01", "30 days in"],
  ["2028-02-29T12:00:00.000Z", "2028-03-01", "28 days in"],
  ["2027-02-28T23:00:00.000Z", "2027-03-01", "27 days in"],
  ["2026-05-02T00:00:00.000Z", "2026-06-01", "1 day in"],
])("T-4.2.2.2-LIM1: at %s the limit counts afresh on %s, in UTC", (now, reset, words) => {
  expect(resetsAt(new Date(now)).toISOString()).toBe(`${reset}T00:00:00.000Z`);
  expect(daysInWords(new Date(now))).toBe(words);
});

test("a reset is said without a year", () => {
  expect(dayWords(resetsAt(new Date("2026-11-23T10:00:00Z")))).toBe("1 December");
});

test.each([
  ["", null],
  ["   ", null],
  ["0", 0n],
  ["150", 150n * euro],
  ["100000000", 100_000_000n * euro],
])("T-4.2.2.2-LIM1: a field with '%s' is a limit of %s", (typed, limitPico) => {
  expect(readLimit(typed)).toEqual({ ok: true, limitPico });
  expect(limitInput.parse({ limit: typed })).toEqual({ limit: limitPico });
});

test.each(["100000000.01", "-1", "lots", "1,000", "0.0000001", "NaN", "1e9"])("'%s' is no limit", (typed) => {
  expect(readLimit(typed).ok).toBe(false);
  expect(limitInput.safeParse({ limit: typed }).success).toBe(false);
});

test.each([
  [150n * euro, "150.00"],
  [euro / 8n, "0.1250"],
  [1n, "0.000000000001"],
  [1_234_500_000_000n, "1.2345"],
  [0n, "0.00"],
  [null, ""],
])("%s is shown in the field as %s", (limitPico, shown) => {
  expect(typedEuros(limitPico)).toBe(shown);
});

test.each([
  ["50, 80, 100", [50, 80, 100]],
  ["100 80 80 5%", [5, 80, 100]],
  ["", []],
  ["7;9", [7, 9]],
])("T-4.2.2.2-LIM3: steps '%s' are %s", (typed, steps) => {
  expect(limitInput.parse({ limit: "1", alerts: typed }).alerts).toEqual(steps);
});

test.each(["0", "101", "50.5", "-1", "many", "1,2,3,4,5,6,7"])("T-4.2.2.2-LIM3: '%s' are no steps", (typed) => {
  expect(limitInput.safeParse({ limit: "1", alerts: typed }).success).toBe(false);
});

test("a limit of a key names a key and a period", () => {
  const id = `key_${"0".repeat(26)}`;
  expect(keyLimitInput.safeParse({ limit: "5", id, period: "lifetime" }).success).toBe(true);
  expect(keyLimitInput.safeParse({ limit: "5", id, period: "year" }).success).toBe(false);
  expect(keyLimitInput.safeParse({ limit: "5", id: "key_x", period: "month" }).success).toBe(false);
});
