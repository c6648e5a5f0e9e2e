import { expect, test } from "vitest";
import { limitLetter } from "#lib/domain/limits/letters.ts";
import { dueAlerts } from "./rules.ts";

const steps = [50, 80, 100];

test.each([
  ["49 % reach no step", 49n, [], [], null],
  ["50 % reach the first", 50n, [], [50], 50],
  ["81 % at once reach two, and one letter goes out", 81n, [], [50, 80], 80],
  ["100 % at once reach three, and one letter goes out", 100n, [], [50, 80, 100], 100],
  ["81 % after the first letter", 81n, [50], [80], 80],
  ["81 % when all was said", 81n, [50, 80], [], null],
  ["a new lower step after the highest was said", 100n, [80, 100], [50], null],
  ["a step again after the limit was raised", 50n, [50, 80, 100], [], null],
])("T-4.2.2.2-LIM3: %s", (_name, settledPico, sent, due, letter) => {
  expect(dueAlerts({ limitPico: 100n, settledPico, alertPercents: steps }, sent, false)).toEqual({ due, letter });
});

test("T-4.2.2.2-LIM3: a step that was added under a raised limit is written about, though higher ones were before", () => {
  const alertPercents = [50, 60, 80, 100];
  const raised = { limitPico: 200n, settledPico: 130n, alertPercents };
  expect(dueAlerts(raised, [50, 80, 100], false)).toEqual({ due: [60], letter: 60 });
});

test("T-4.2.2.2-LIM3: a limit that refuses requests has reached every step, whatever remainder it keeps", () => {
  expect(dueAlerts({ limitPico: 1000n, settledPico: 999n, alertPercents: steps }, [50, 80], true)).toEqual({
    due: [100],
    letter: 100,
  });
});

test("T-4.2.2.2-LIM3: a limit of nothing is reached at once, and without steps nothing is written", () => {
  expect(dueAlerts({ limitPico: 0n, settledPico: 0n, alertPercents: steps }, [], true).letter).toBe(100);
  expect(dueAlerts({ limitPico: 100n, settledPico: 100n, alertPercents: [] }, [], true)).toEqual({
    due: [],
    letter: null,
  });
});

const euro = 1_000_000_000_000n;
const facts = {
  to: { email: "ada@example.com", name: "Ada" },
  subject: {
    organizationId: "org_a",
    name: "Production",
    workspaceId: "ws_a",
    ownerId: null,
    scope: "workspace",
  },
  now: new Date("2026-11-20T12:00:00Z"),
  spendRate: { fullDays: 7, spentPico: 42n * euro },
} as const;
const standing = {
  scope: "workspace",
  scopeId: "ws_a",
  period: "month",
  limitPico: 150n * euro,
  alertPercents: steps,
  settledPico: 121n * euro,
  heldPico: 0n,
  reservedPico: 0n,
  isRefusing: false,
} as const;

test("T-4.2.2.2-LIM3: a letter has what is spent, the limit, the forecast, the reset and the way to change it", () => {
  const letter = limitLetter({ ...facts, standing, step: 80 });
  expect(letter.subject).toBe("80 % of the spend limit of Production is spent");
  expect(letter.text).toContain("€121.00 of its limit of €150.00 for November, which is 80 %");
  expect(letter.text).toContain("€6.00 a day, it would be about €184.00 by the end of November");
  expect(letter.text).toContain("1 December (UTC)");
  expect(letter.text).toContain("/ws_a/limits#workspace");
  expect(letter.text).toContain("50 %, 80 % and 100 %");
  expect(letter).toMatchObject({ kind: "limits.alert", clause: "T-4.2.2.2-LIM3", organizationId: "org_a" });
});

test("T-4.2.2.2-LIM3: the letter at the limit says that requests are refused with 402, and until when", () => {
  const letter = limitLetter({ ...facts, standing: { ...standing, settledPico: 150n * euro }, step: 100 });
  expect(letter.subject).toBe("Production has reached its spend limit: requests are refused");
  expect(letter.text).toContain("refused with status 402 until 1 December (UTC), or until the limit is raised");
  expect(letter.text).not.toContain("At the pace");
  expect(letter.kind).toBe("limits.reached");
});

test("T-4.2.2.2-LIM3: a limit for life has no reset", () => {
  const letter = limitLetter({ ...facts, standing: { ...standing, period: "lifetime" }, step: 80 });
  expect(letter.text).not.toMatch(/December|by the end of/);
});
