import { describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { addDays } from "#lib/core/clock.ts";
import { shapeOf } from "#lib/gateway/rate-limits/bucket-shape.ts";
import {
  changesAt,
  freeValues,
  gaugeOf,
  limitsFor,
  looserThan,
  type RateFacts,
  type RateOverride,
  tierOf,
  tiers,
} from "./rules.ts";

const at = new Date("2026-11-23T12:00:00Z");
const workspaceId = newId("workspace", at);
const model = "tiny-chat-1";
const euro = 1_000_000_000_000n;

const paid = (overrides: RateOverride[] = [], spentPico = 0n): RateFacts => ({ plan: "paid", spentPico, overrides });

let born = 0;
const override = (more: Partial<RateOverride>): RateOverride => {
  born += 1;
  return {
    id: newId("override", at),
    workspaceId: null,
    model: null,
    requests_second: null,
    tokens_minute: null,
    tokens_month: null,
    source: "staff",
    reference: null,
    reason: "A launch",
    createdAt: new Date(addDays(at, -30).getTime() + born * 1000),
    expiresAt: null,
    ...more,
  };
};
const order = (more: Partial<RateOverride>) => override({ source: "purchase_order", reference: "PO-7", ...more });

const requestsOf = (facts: RateFacts, when = at, of = model) =>
  limitsFor(facts, { workspaceId, model: of }, when).filter(({ kind }) => kind === "requests_second");

test("T-4.2.2.1-RL: the free plan limits requests, tokens a minute and tokens a month, and names the Terms", () => {
  const limits = limitsFor({ plan: "free", spentPico: 0n, overrides: [] }, { workspaceId, model }, at);
  expect(limits.map(({ kind, value, model }) => [kind, value, model])).toEqual([
    ["requests_second", 1, model],
    ["tokens_minute", 50_000, model],
    ["tokens_month", 4_000_000, null],
  ]);
  for (const { source } of limits) {
    expect(source).toMatchObject({ document: "Terms of service, plan Free", clause: "T-4.2.2.1-RL" });
  }
});

describe("T-4.2.2.2-RL: a paying organization's tier follows from all it has used", () => {
  test.each([
    [0n, 1, "Tier 1, with the paid plan"],
    [20n * euro - 1n, 1, "Tier 1, with the paid plan"],
    [20n * euro, 2, "Tier 2, from €20.00 of use"],
    [100n * euro, 3, "Tier 3, from €100.00 of use"],
    [499n * euro, 3, "Tier 3, from €100.00 of use"],
    [500n * euro, 4, "Tier 4, from €500.00 of use"],
    [2_000n * euro, 5, "Tier 5, from €2,000.00 of use"],
    [9_000_000n * euro, 5, "Tier 5, from €2,000.00 of use"],
  ])("%d pico-euros: tier %d", (spent, number, document) => {
    expect(tierOf(spent).number).toBe(number);
    expect(requestsOf(paid([], spent))[0]?.source).toMatchObject({ document, clause: "T-4.2.2.2-RL" });
  });

  test("every tier gives more than the one before, and all give more than the free plan", () => {
    const rows = [freeValues, ...tiers.map(({ values }) => values)];
    rows.slice(1).forEach((row, i) => {
      for (const kind of ["requests_second", "tokens_minute"] as const) {
        expect(row[kind]).toBeGreaterThan(rows[i]?.[kind] ?? Number.POSITIVE_INFINITY);
      }
      expect(row.tokens_month).toBeNull();
    });
  });
});

describe("T-2-PREC, T-4.2.1-RL: which value holds", () => {
  const cases: [string, RateFacts, number, string][] = [
    ["staff may give less than the tier", paid([override({ requests_second: 5 })]), 5, "Decision of"],
    ["or more", paid([override({ requests_second: 90 })]), 90, "Decision of"],
    ["an order stands in place of the tier", paid([order({ requests_second: 10 })]), 10, "Purchase order PO-7"],
    [
      "staff add to an order",
      paid([order({ requests_second: 10 }), override({ requests_second: 12 })]),
      12,
      "Decision of",
    ],
    [
      "and never take from it",
      paid([override({ requests_second: 2 }), order({ requests_second: 10 })]),
      10,
      "Purchase order PO-7",
    ],
    [
      "of two decisions the later holds",
      paid([override({ requests_second: 90 }), override({ requests_second: 30 })]),
      30,
      "Decision of",
    ],
    [
      "of two orders the later holds",
      paid([order({ requests_second: 90 }), order({ requests_second: 30, reference: "PO-8" })]),
      30,
      "Purchase order PO-8",
    ],
    [
      "one for the model before one for all",
      paid([override({ requests_second: 90, model }), override({ requests_second: 30 })]),
      90,
      "Decision of",
    ],
    [
      "another model's is not this one's",
      paid([override({ requests_second: 90, model: "tiny-embed-1" })]),
      20,
      "Tier 1",
    ],
    [
      "another workspace's is not the organization's",
      paid([override({ requests_second: 3, workspaceId: newId("workspace", at) })]),
      20,
      "Tier 1",
    ],
    ["what says nothing about it leaves it", paid([override({ tokens_minute: 9 })]), 20, "Tier 1"],
    [
      "an order plan without an order has the highest tier",
      { plan: "order", spentPico: 0n, overrides: [] },
      300,
      "Tier 5",
    ],
    [
      "a decision lifts a free organization too",
      { plan: "free", spentPico: 0n, overrides: [override({ requests_second: 4 })] },
      4,
      "Decision of",
    ],
  ];
  test.each(cases)("%s", (_title, facts, value, document) => {
    const [limit, ...more] = requestsOf(facts);
    expect(more).toEqual([]);
    expect(limit?.value).toBe(value);
    expect(limit?.source.document).toMatch(new RegExp(`^${document}`));
  });

  test("a decision names its day, its reason and its end", () => {
    const expiresAt = addDays(at, 10);
    const decided = override({ requests_second: 50, expiresAt, createdAt: new Date("2026-11-02T23:30:00Z") });
    expect(requestsOf(paid([decided]))[0]?.source).toEqual({
      document: "Decision of 2 Nov 2026",
      clause: "T-4.2.1-RL",
      reason: "A launch",
      reference: null,
      expiresAt,
    });
  });

  test("at its end an override does not count any more, and the change is known beforehand", () => {
    const expiresAt = addDays(at, 1);
    const facts = paid([
      override({ requests_second: 50, expiresAt }),
      override({ tokens_minute: 5, expiresAt: addDays(at, 2) }),
    ]);
    expect(requestsOf(facts, new Date(expiresAt.getTime() - 1))[0]?.value).toBe(50);
    expect(requestsOf(facts, expiresAt)[0]?.value).toBe(20);
    expect(changesAt(facts, at, addDays(at, 30))).toEqual(expiresAt);
    expect(changesAt(facts, expiresAt, addDays(at, 30))).toEqual(addDays(at, 2));
    expect(changesAt(facts, addDays(at, 2), addDays(at, 30))).toEqual(addDays(at, 30));
  });
});

describe("a workspace's own limit", () => {
  const own = (value: number) => override({ requests_second: value, workspaceId, source: "workspace" });
  test("is one more, and only where it is tighter", () => {
    expect(requestsOf(paid([own(3)])).map(({ scope, value }) => [scope, value])).toEqual([
      ["organization", 20],
      ["workspace", 3],
    ]);
    for (const value of [20, 21, 500]) expect(requestsOf(paid([own(value)]))).toHaveLength(1);
    expect(requestsOf(paid([own(3)]))[1]?.source.document).toMatch(/^Set by your workspace admin on /);
  });
  test("is told apart from the organization's when it is set", () => {
    const limits = limitsFor(paid(), { workspaceId: null, model }, at);
    const values = { requests_second: 20, tokens_minute: 499_999, tokens_month: 5 };
    expect(looserThan(limits, values).map(({ kind }) => kind)).toEqual(["requests_second"]);
  });
});

test("a model with a quota of its own for the month is left out of the quota for all", () => {
  const facts: RateFacts = { plan: "free", spentPico: 0n, overrides: [override({ tokens_month: 9_000_000, model })] };
  const monthOf = (of: string) =>
    limitsFor(facts, { workspaceId, model: of }, at).find(({ kind }) => kind === "tokens_month");
  expect(monthOf(model)).toMatchObject({ value: 9_000_000, model, except: [] });
  expect(monthOf("tiny-embed-1")).toMatchObject({ value: 4_000_000, model: null, except: [model] });
});

test("limits are counted in buckets that say what they are", () => {
  const facts: RateFacts = {
    plan: "free",
    spentPico: 0n,
    overrides: [override({ requests_second: 0.5, workspaceId, source: "workspace" })],
  };
  const shapes = limitsFor(facts, { workspaceId, model }, at).map((limit) => shapeOf(limit, workspaceId, at));
  expect(shapes).toEqual([
    { name: "req:tiny-chat-1", kind: "requests_second", capacity: 1, perSecond: 1, resetsAt: null },
    { name: `${workspaceId}:req:tiny-chat-1`, kind: "requests_second", capacity: 1, perSecond: 0.5, resetsAt: null },
    { name: "tok:tiny-chat-1", kind: "tokens_minute", capacity: 50_000, perSecond: 50_000 / 60, resetsAt: null },
    { name: "mon:2026-11", kind: "tokens_month", capacity: 4_000_000, perSecond: 0, resetsAt: Date.UTC(2026, 11, 1) },
  ]);
});

test("T-4.2.2.2-RL: a gauge says what is used and when it is free again", () => {
  const [requests, , month] = limitsFor({ plan: "free", spentPico: 0n, overrides: [] }, { workspaceId, model }, at);
  if (!requests || !month) throw new Error("The free plan has both.");
  const counted = { perSecond: 2, resetsAt: null };
  expect(gaugeOf(requests, counted, 1, at)).toMatchObject({ used: 1, freeAt: new Date(at.getTime() + 500) });
  expect(gaugeOf(requests, counted, 0, at)).toMatchObject({ used: 0, freeAt: null });
  expect(gaugeOf(requests, counted, null, at)).toMatchObject({ used: null, freeAt: null });
  const end = new Date("2026-12-01T00:00:00Z");
  expect(gaugeOf(month, { perSecond: 0, resetsAt: end.getTime() }, 5, at)).toMatchObject({ used: 5, freeAt: end });
});
