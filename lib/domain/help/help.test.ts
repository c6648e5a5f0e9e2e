import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays } from "#lib/core/clock.ts";
import { dueOf, filledIn, isLate } from "./desk/rules.ts";
import { openInput } from "./input.ts";
import { kinds, openedHere, ticketKinds } from "./kinds/rules.ts";
import { effectOfReply, isDone, numberIn, numberWords, wordsOf } from "./rules.ts";

const at = new Date("2026-11-29T12:00:00Z");

test("a reply goes on with what is open, opens again until the end of day 14, and after that begins a ticket that follows", () => {
  const effect = (state: "open" | "waiting" | "resolved" | "closed", days: number, ms = 0) =>
    effectOfReply({ state, resolvedAt: addDays(at, -days) }, new Date(at.getTime() + ms));
  expect(effectOfReply({ state: "open", resolvedAt: null }, at)).toBe("goes-on");
  expect(effectOfReply({ state: "waiting", resolvedAt: null }, at)).toBe("goes-on");
  for (const state of ["resolved", "closed"] as const) {
    expect(effect(state, 0)).toBe("reopens");
    expect(effect(state, 14)).toBe("reopens");
    expect(effect(state, 14, 1)).toBe("follows");
    expect(effect(state, 15)).toBe("follows");
  }
});

test("what the job closes is exactly what a reply would not open again", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 * 86_400_000 }), (ms) => {
      const ticket = { state: "resolved" as const, resolvedAt: new Date(at.getTime() - ms) };
      expect(isDone(ticket, at)).toBe(effectOfReply(ticket, at) === "follows");
    }),
  );
});

test("a clock runs while we have the word, and is late after its moment", () => {
  const clocks = { state: "open", firstDueAt: at, firstAnsweredAt: null, nextDueAt: null, legalDueAt: null };
  expect(dueOf(clocks)).toBe(at);
  expect(dueOf({ ...clocks, state: "waiting" })).toBeNull();
  expect(dueOf({ ...clocks, firstAnsweredAt: at })).toBeNull();
  expect(isLate(clocks, at)).toBe(false);
  expect(isLate(clocks, new Date(at.getTime() + 1))).toBe(true);
  const byLaw = { ...clocks, state: "waiting", legalDueAt: at };
  expect(isLate(byLaw, new Date(at.getTime() + 1))).toBe(true);
  expect(isLate({ ...byLaw, state: "resolved" }, addDays(at, 1))).toBe(false);
});

test("a number is read however it is written, and nothing else is one", () => {
  for (const text of ["T-10482", "t10482", " 10482 ", "t-10482"]) expect(numberIn(text)).toBe(10482);
  for (const text of ["T-", "10482a", "-1", "1e5", ""]) expect(numberIn(text)).toBeNull();
  expect(numberWords(10482)).toBe("T-10482");
});

test("words are whole, each once, whatever their case and form", () => {
  expect(wordsOf("The key, the KEY: ｋｅｙ!")).toEqual(["the", "key"]);
  expect(wordsOf("Schlüssel_1 a é")).toEqual(["schlüssel_1"]);
  expect(wordsOf("!!!")).toEqual([]);
});

test("every kind that Help opens has a form that asks for what is needed and takes what is right", () => {
  for (const kind of openedHere) {
    const named = { kind, subject: "Something", body: "Please help." };
    const fields: [string, { choices?: object; form: string; isOptional?: boolean }][] = Object.entries(
      kinds[kind].fields,
    );
    const right = Object.fromEntries(
      fields.map(([name, { choices, form }]) => [
        name,
        choices ? (Object.keys(choices)[0] ?? "") : form === "moment" ? "2026-11-29T10:00" : "That one",
      ]),
    );
    expect(openInput.safeParse({ ...named, ...right }).error?.issues, kind).toBeUndefined();
    for (const [name, { choices, form, isOptional }] of fields) {
      expect(openInput.safeParse({ ...named, ...right, [name]: "" }).success, `${kind} ${name}`).toBe(
        isOptional ?? false,
      );
      if (choices || form === "moment")
        expect(openInput.safeParse({ ...named, ...right, [name]: "nonsense" }).success, `${kind} ${name}`).toBe(false);
    }
  }
  for (const kind of ticketKinds.filter((kind) => !openedHere.includes(kind)))
    expect(openInput.safeParse({ kind, subject: "Something", body: "Please." }).success).toBe(false);
  expect(openInput.safeParse({ kind: "__proto__", subject: "Something", body: "Please." }).success).toBe(false);
});

test("a macro knows its fields and leaves the others as they are written", () => {
  const fields = { name: "Ada", number: "T-1", subject: "Keys {{name}}", staff: "Noor" };
  expect(filledIn("Hello {{name}}, {{ number }}: {{subject}} {{toString}} {{other}}", fields)).toBe(
    "Hello Ada, T-1: Keys {{name}} {{toString}} {{other}}",
  );
});
