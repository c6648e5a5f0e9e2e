import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, addMonths } from "#lib/core/clock.ts";
import type { ContractDocument, ContractFacts } from "#lib/domain/contract/values/rules.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { modelsFor, namedFor, refuseGone, retirementOf, standingOf, successorOf, visible } from "./rules.ts";

const announcedAt = new Date("2026-08-31T10:00:00Z");
const retiresAt = addMonths(announcedAt, 6);
const model = (id: string, more: Partial<Model> = {}) =>
  ({ id, aliases: [], moves: [], change: null, ...more }) as never as Model;
const last = model("last");
const end = (id: string, successors: Model[]) =>
  ({
    id,
    announcedAt,
    retiresAt,
    retiredAt: null,
    replacement: successors[0]?.id ?? "",
    reason: "",
    successors,
  }) as never;
const next = model("next", { change: end("mch_2", [last]) });
const old = model("old", { aliases: ["latest"], change: end("mch_1", [next, last]) });

const order = (signedAt: Date, endsAt: Date | null = null): ContractDocument => ({
  ...{
    kind: "purchase_order",
    ref: "ord",
    title: "",
    isActive: true,
    position: null,
    values: { "model.allowed:old": true },
  },
  signedAt: signedAt.getTime(),
  startsAt: signedAt.getTime(),
  endsAt: endsAt?.getTime() ?? null,
});
const contract = (more: Partial<ContractFacts> = {}): ContractFacts => ({
  ...{ customerType: "business", endsAt: null, unpaid: null, models: {}, sources: [] },
  startsAt: addDays(announcedAt, -1).getTime(),
  rates: { plan: "paid", spentPico: 0n, overrides: [] },
  ...more,
});
const fresh = (more: Partial<ContractFacts> = {}) => contract({ startsAt: announcedAt.getTime() + 1, ...more });
const noticed = (at: Date) => ({ models: { mch_1: at.getTime(), mch_2: at.getTime() } });
const state = (facts: ContractFacts, at: Date) => standingOf(old, facts, at).state;

describe("contract 17, T-4.2.1-DISC1 and DISC2", () => {
  const later = addDays(retiresAt, 2);
  test.each([
    ["nothing is announced yet", fresh(), addDays(announcedAt, -1), "offered"],
    ["a customer of before keeps it", contract(noticed(retiresAt)), announcedAt, "announced"],
    ["to the last millisecond", contract(noticed(retiresAt)), new Date(retiresAt.getTime() - 1), "announced"],
    ["and then it is gone", contract(noticed(retiresAt)), retiresAt, "retired"],
    ["told two days late, two days later", contract(noticed(later)), new Date(later.getTime() - 1), "announced"],
    ["and not after those", contract(noticed(later)), later, "retired"],
    ["without a notice it stays", contract(), addDays(retiresAt, 1000), "announced"],
    [
      "whose agreement begins with the announcement is no new customer",
      contract({ startsAt: announcedAt.getTime() }),
      announcedAt,
      "announced",
    ],
    ["a new customer does not get it", fresh(), announcedAt, "hidden"],
    ["nor one without an agreement", contract({ startsAt: null }), announcedAt, "hidden"],
    ["nor after the end", fresh(), retiresAt, "retired"],
    ["unless an order says so", fresh({ sources: [order(announcedAt)] }), announcedAt, "announced"],
    [
      "while it is in force",
      fresh({ sources: [order(announcedAt, addDays(announcedAt, 9))] }),
      addDays(announcedAt, 9),
      "hidden",
    ],
    [
      "with six months from its signature",
      fresh({ sources: [order(addDays(announcedAt, 30))] }),
      retiresAt,
      "announced",
    ],
  ] as const)("%s", (_words, facts, at, expected) => {
    expect(state(facts, at)).toBe(expected);
  });

  test("the date never lies before the announced one or six months from the customer's own notice, at any instant", () => {
    const days = fc.integer({ min: 0, max: 900 });
    fc.assert(
      fc.property(days, days, days, (began, told, passed) => {
        const startsAt = addDays(announcedAt, began - 450).getTime();
        const floor = addMonths(addDays(announcedAt, told), 6);
        const facts = contract({ startsAt, models: { mch_1: floor.getTime() } });
        const at = addDays(announcedAt, passed);
        expect(retirementOf(old, facts, at)?.getTime()).toBeGreaterThanOrEqual(retiresAt.getTime());
        expect(visible(old, facts, at)).toBe(
          (startsAt <= announcedAt.getTime() && at < floor) || state(facts, at) === "announced",
        );
        expect(startsAt > announcedAt.getTime() && visible(old, facts, at)).toBe(false);
      }),
    );
  });

  test("another name goes on to the next model the customer can have, the model's own never does", () => {
    expect(namedFor(old, "latest", fresh(), announcedAt).id).toBe("last");
    expect(namedFor(old, "old", fresh(), announcedAt).id).toBe("old");
    expect(namedFor(old, "latest", contract(), announcedAt).id).toBe("old");
    expect(successorOf(old, contract(), announcedAt)?.id).toBe("next");
    expect(modelsFor([old, next, last], fresh(), announcedAt)).toEqual([{ ...last, aliases: ["latest"] }]);
  });

  test("what a customer tuned comes back with them, and ends with its base", () => {
    const tuned = model("ft:old", { change: old.change, tuned: { base: old } as never });
    expect(standingOf(tuned, fresh(), announcedAt).state).toBe("announced");
    expect(() => refuseGone(tuned, fresh(), retiresAt)).toThrow("was tuned from old, which has retired");
  });
});
