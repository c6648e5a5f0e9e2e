import fc from "fast-check";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import {
  type AssistanceAct,
  type AssistanceState,
  after,
  type Facts,
  isOver,
  linesLeft,
  offerUntil,
  readProblem,
  sameWords,
  unlockUntil,
} from "./rules.ts";

const at = (text: string): Date => new Date(`2026-11-${text}Z`);
const now = at("29T12:00:00");
const [me, other] = ["usr_me", "usr_other"] as Id<"user">[] as [Id<"user">, Id<"user">];
const [mine, foreign] = ["file_mine", "file_foreign"] as Id<"file">[] as [Id<"file">, Id<"file">];

const whole: Facts = {
  request: { isOpen: true },
  approval: { by: other },
  agreement: { staffIds: [me], fileIds: [mine], from: at("28T12:00:00"), endsAt: at("30T12:00:00") },
  unlock: { at: at("29T11:00:00"), until: at("29T13:00:00") },
  isEnded: false,
};
const reader = { staffId: me, fileId: mine, now };
const given = (change: Partial<Facts>, by: Partial<typeof reader> = {}) =>
  readProblem({ ...whole, ...change }, { ...reader, ...by });

test("help-zdr 28 (T-4.2.3-ASSIST): of the sixteen sets of the four facts only the whole one opens a file", () => {
  const names = ["request", "approval", "agreement", "unlock"] as const;
  const opened: number[] = [];
  for (let set = 0; set < 16; set += 1) {
    const missing = names.filter((_, bit) => (set & (1 << bit)) === 0);
    if (given(Object.fromEntries(missing.map((name) => [name, null]))) === null) opened.push(set);
  }
  expect(opened).toEqual([15]);
});

test("help-zdr 28 (T-4.2.3-ASSIST): an ended ticket, another file, another person, before, after and an end each refuse", () => {
  expect(given({})).toBeNull();
  expect(given({ request: { isOpen: false } })).toContain("ticket");
  expect(given({}, { fileId: foreign })).toContain("other files");
  expect(given({}, { staffId: other })).toContain("other people");
  expect(given({ isEnded: true })).toContain("ended");
  const { agreement, unlock } = whole;
  if (!agreement || !unlock) throw new Error("The facts are not whole.");
  for (const [when, isOpen] of [
    [at("29T10:59:59"), false],
    [unlock.at, true],
    [at("29T12:59:59"), true],
    [unlock.until, false],
  ] as const)
    expect([when, given({}, { now: when }) === null]).toEqual([when, isOpen]);
  const long = { at: at("28T00:00:00"), until: at("30T23:59:59") };
  for (const [when, isOpen] of [
    [at("28T11:59:59"), false],
    [agreement.from, true],
    [at("29T23:59:59"), true],
  ] as const)
    expect([when, given({ unlock: long }, { now: when }) === null]).toEqual([when, isOpen]);
  const endless = { at: at("28T00:00:00"), until: new Date("2027-01-01T00:00:00Z") };
  expect(given({ unlock: endless }, { now: agreement.endsAt })).toContain("ended");
});

test("help-zdr 28: 50 lines a page and 500 an hour, never more, whatever was read", () => {
  expect([0, 1, 449, 450, 451, 499, 500, 501, 9999].map(linesLeft)).toEqual([50, 50, 50, 50, 49, 1, 0, 0, 0]);
});

test("help-zdr 28: an offer is good for 20 days; an unlock for two hours, and never beyond the agreement", () => {
  expect(offerUntil(at("01T10:00:00"))).toEqual(at("21T10:00:00"));
  expect(unlockUntil(now, at("30T12:00:00"))).toEqual(at("29T14:00:00"));
  expect(unlockUntil(now, at("29T12:30:00"))).toEqual(at("29T12:30:00"));
  expect(sameWords("Find the  lines\nthat fail. ", "find the lines that fail.")).toBe(true);
  expect(sameWords("Find the lines", "Find the line")).toBe(false);
});

const acts: readonly AssistanceAct[] = ["approve", "decline", "offer", "agree", "unlock", "end"];

test("help-zdr 28: no order of acts comes to reading without request, approval, offer and agreement in this order", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 30 }), (tried) => {
      let state: AssistanceState = "requested";
      const done: AssistanceAct[] = [];
      for (const act of tried) {
        const next = after(state, act);
        if (isOver(state)) expect(next).toBeNull();
        if (!next) continue;
        state = next;
        done.push(act);
      }
      if (state === "active") expect(done.slice(0, 4)).toEqual(["approve", "offer", "agree", "unlock"]);
    }),
    { numRuns: 5000 },
  );
});
