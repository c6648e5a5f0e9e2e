import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micros } from "#lib/core/money.ts";
import {
  type ContractKey,
  contractKeys,
  describe as known,
  plainKeys,
  valueWords,
} from "#lib/domain/contract/keys/rules.ts";
import { type ContractDocument, type ContractFacts, documentRanks, effective, nextChange, priceFor } from "./rules.ts";

const hour = 3_600_000;
const begin = Date.UTC(2026, 0, 1);
const instant = fc.integer({ min: 0, max: 24 * 90 }).map((hours) => begin + hours * hour);
const period = fc
  .tuple(instant, fc.option(instant, { nil: null }))
  .map(([a, b]) => ({ startsAt: b === null ? a : Math.min(a, b), endsAt: b === null ? null : Math.max(a, b) + hour }));

const values = fc.dictionary(
  fc.constantFrom(
    "days.net",
    "days.dispute",
    "cap",
    "discount",
    "members.max",
    "price:input:m",
    "price:output:m",
    "agents.sharing",
  ),
  fc.integer({ min: 1, max: 99 }),
  { maxKeys: 6 },
);
/** A value of a key's own type. */
const typed = (drawn: Record<string, number>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(drawn).map(([key, value]) => [
      key,
      key === "agents.sharing"
        ? value % 2 === 0
        : ["decimal", "cents", "micros", "percent"].includes(known(key)?.unit ?? "")
          ? String(value)
          : value,
    ]),
  );

const document = fc
  .record({
    kind: fc.constantFrom(...documentRanks),
    period,
    position: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    signedAt: instant,
    values,
    ref: fc.uuid(),
    isActive: fc.boolean(),
  })
  .map(({ period, values, ref, kind, isActive, ...rest }): ContractDocument => {
    const isOrder = kind === "purchase_order";
    return { ...rest, ...period, kind, ref, title: ref, isActive: !isOrder || isActive, values: typed(values) };
  });

const prices = [begin - hour, begin + 500 * hour, begin + 1_500 * hour].map((validFrom, i) => ({
  modelId: "m",
  validFrom,
  inputMicros: micros(BigInt(100_000 * (i + 1))),
  cachedInputMicros: micros(10_000n),
  outputMicros: micros(300_001n),
}));

const facts = fc
  .record({
    sources: fc.uniqueArray(document, { maxLength: 8, selector: ({ ref }) => ref }),
    customerType: fc.constantFrom("business" as const, "consumer" as const),
    plan: fc.constantFrom("free" as const, "paid" as const, "order" as const),
  })
  .map(
    ({ sources, customerType, plan }): ContractFacts =>
      withSources(
        {
          customerType,
          unpaid: null,
          startsAt: null,
          models: {},
          endsAt: null,
          rates: { plan, spentPico: 0n, overrides: [] },
          sources,
          prices,
        },
        sources,
      ),
  );

/** An order in force is what puts an organization on the plan by order. */
function withSources(facts: ContractFacts, sources: readonly ContractDocument[]): ContractFacts {
  const orders = sources
    .filter(({ kind }) => kind === "purchase_order")
    .map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
  return { ...facts, sources, rates: { ...facts.rates, orders } };
}

const keys: readonly ContractKey[] = [
  ...plainKeys,
  "price:input:m",
  "price:cached_input:m",
  "price:output:m",
  "rate:tokens_minute:m",
];
const key = fc.constantFrom(...keys);
const covers = ({ startsAt, endsAt }: { startsAt: number; endsAt: number | null }, at: number) =>
  startsAt <= at && (endsAt === null || at < endsAt);
const runs = { numRuns: 300 };

describe("T-2-PREC: what holds", () => {
  test("does not depend on the order in which documents are read", () => {
    fc.assert(
      fc.property(facts, key, instant, (facts, key, at) => {
        const turned = { ...facts, sources: facts.sources.toReversed() };
        expect(effective(turned, key, new Date(at))).toEqual(effective(facts, key, new Date(at)));
      }),
      runs,
    );
  });

  test("comes from no document out of force, nor does what it overrules", () => {
    fc.assert(
      fc.property(facts, key, instant, (facts, key, at) => {
        // A cap counts for the whole months its order holds in.
        fc.pre(key !== "cap");
        const found = effective(facts, key, new Date(at));
        const spoken = found ? [found.source, ...found.overruled.map(({ source }) => source)] : [];
        for (const { ref } of spoken) {
          const source = facts.sources.find((source) => source.ref === ref);
          if (source) expect(covers(source, at)).toBe(true);
        }
      }),
      runs,
    );
  });

  test("is what an order says wherever one speaks, by position and then by the latest signature", () => {
    fc.assert(
      fc.property(facts, key, instant, (facts, key, at) => {
        fc.pre(key !== "cap");
        const speaking = facts.sources.filter(
          (source) => source.kind === "purchase_order" && covers(source, at) && key in source.values,
        );
        fc.pre(speaking.length > 0);
        const [first] = speaking.toSorted(
          (a, b) => (a.position ?? 9) - (b.position ?? 9) || b.signedAt - a.signedAt || (a.ref < b.ref ? -1 : 1),
        );
        const found = effective(facts, key, new Date(at));
        // A model that has no price but for one order's part is refused.
        if (found) expect(found).toMatchObject({ value: first?.values[key], source: { ref: first?.ref } });
      }),
      runs,
    );
  });

  test("is never for a consumer what is agreed about data processing", () => {
    fc.assert(
      fc.property(facts, key, instant, (facts, key, at) => {
        const found = effective({ ...facts, customerType: "consumer" }, key, new Date(at));
        expect(found?.source.kind).not.toBe("data-processing");
        expect(found?.overruled.map(({ source }) => source.kind)).not.toContain("data-processing");
      }),
      runs,
    );
  });

  test("is not changed by an order that does not name it, but for what the plan by order gives", () => {
    const loosened: readonly ContractKey[] = ["collection", "members.max", "agents.sharing", "training"];
    fc.assert(
      fc.property(facts, document, key, instant, (facts, extra, key, at) => {
        fc.pre(
          facts.rates.plan !== "free" && !(key in extra.values) && !loosened.includes(key) && !key.startsWith("rate:"),
        );
        fc.pre(!(key.startsWith("price:") && "discount" in extra.values));
        const more = withSources(facts, [...facts.sources, { ...extra, kind: "purchase_order" }]);
        const [before, after] = [effective(facts, key, new Date(at)), effective(more, key, new Date(at))];
        expect(after?.value).toEqual(before?.value);
      }),
      runs,
    );
  });

  test("an order never allows training", () => {
    fc.assert(
      fc.property(facts, instant, (facts, at) => {
        const found = effective(facts, "training", new Date(at));
        const isOrdered = facts.sources.some((source) => source.kind === "purchase_order" && covers(source, at));
        if (isOrdered || facts.rates.plan !== "free") expect(found?.value).toBe(false);
        else expect(found?.value).toBe(true);
      }),
      runs,
    );
  });

  test("`until` is the first instant at which it can be another: it is the same at every instant before", () => {
    fc.assert(
      fc.property(facts, key, instant, instant, (facts, key, one, other) => {
        const [at, later] = one < other ? [one, other] : [other, one];
        const found = effective(facts, key, new Date(at));
        const same = effective(facts, key, new Date(later));
        const until = found?.until?.getTime() ?? Number.POSITIVE_INFINITY;
        if (found && later < until) expect([same?.value, same?.source]).toEqual([found.value, found.source]);
        expect(until).toBeGreaterThan(at);
        if (found?.since) expect(found.since.getTime()).toBeLessThanOrEqual(at);
      }),
      runs,
    );
  });
});

test("billing 12: what a page says a model costs is what the gate takes, at every instant and on both sides of every boundary", () => {
  const columns = { input: "inputMicros", cached_input: "cachedInputMicros", output: "outputMicros" } as const;
  fc.assert(
    fc.property(facts, instant, fc.constantFrom(-1, 0), (facts, drawn, side) => {
      const next = nextChange(facts, drawn);
      const at = Number.isFinite(next) ? next + side : drawn;
      const list = prices.findLast(({ validFrom }) => validFrom <= at) ?? null;
      const gate = priceFor(facts, { id: "m", price: list }, at);
      for (const metric of ["input", "cached_input", "output"] as const)
        expect(effective(facts, `price:${metric}:m`, new Date(at))?.value).toBe(
          gate ? String(gate[columns[metric]]) : undefined,
        );
    }),
    runs,
  );
});

test("billing 33: an order that ends within a month splits its prices at that instant", () => {
  const end = Date.UTC(2026, 0, 15, 12);
  const order: ContractDocument = {
    kind: "purchase_order",
    ref: "o",
    title: "Purchase order 1",
    isActive: true,
    position: null,
    signedAt: begin,
    startsAt: begin,
    endsAt: end,
    values: { "price:input:m": "7", discount: "12.5" },
  };
  const split = withSources(
    {
      customerType: "business",
      unpaid: null,
      startsAt: null,
      models: {},
      endsAt: null,
      rates: { plan: "paid", spentPico: 0n, overrides: [] },
      sources: [],
      prices,
    },
    [order],
  );
  const at = (ms: number) => priceFor(split, { id: "m", price: prices[0] ?? null }, ms);
  expect(at(end - 1)).toEqual({ inputMicros: 7n, cachedInputMicros: 8_750n, outputMicros: 262_501n });
  expect(at(end)).toMatchObject({ inputMicros: 100_000n, outputMicros: 300_001n });
  expect(effective(split, "price:input:m", new Date(end - 1))?.until).toEqual(new Date(end));
});

test("every key has a value under every plan that its own type takes, and words for it", () => {
  for (const key of plainKeys) {
    for (const plan of ["free", "paid", "order"] as const) {
      const { type, ofPlan } = contractKeys[key] as {
        type: { safeParse: (value: unknown) => { success: boolean } };
        ofPlan: (plan: string) => unknown;
      };
      const value = ofPlan(plan);
      // The free plan trains; no order can say so.
      if (!(key === "training" && plan === "free")) expect([key, type.safeParse(value).success]).toEqual([key, true]);
      expect(valueWords(key, value)).toMatch(/\w/);
    }
  }
});
