import { expect, test } from "vitest";
import { Cancellation, Cancelled } from "./cancellation.ts";

test("everyone who listens hears of it once, and the person who comes late at once", () => {
  const cancellation = new Cancellation();
  const heard: string[] = [];
  cancellation.listen(() => heard.push("early"));
  expect(cancellation.isCancelled).toBe(false);
  cancellation.cancel();
  cancellation.cancel();
  cancellation.listen(() => heard.push("late"));
  expect(heard).toEqual(["early", "late"]);
  expect(() => cancellation.throwIfCancelled()).toThrow(Cancelled);
});

test("its signal says the same, asked for before or after", () => {
  const [before, after] = [new Cancellation(), new Cancellation()];
  const { signal } = before;
  expect(signal.aborted).toBe(false);
  for (const cancellation of [before, after]) cancellation.cancel();
  for (const aborted of [signal, after.signal]) expect(aborted.reason).toBeInstanceOf(Cancelled);
  expect(before.signal).toBe(signal);
});
