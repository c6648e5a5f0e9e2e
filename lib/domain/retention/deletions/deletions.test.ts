import fc from "fast-check";
import { expect, test } from "vitest";
import { deletionDue, escalationAt } from "./rules.ts";

const at = (text: string) => new Date(text);

test("T-4.3-DEL3, T-4.2.3-DEL3 (3): due dates, also where the contract's end comes first, and over a leap day", () => {
  const due = (kind: "agent" | "model" | "data", received: string, terminated: string | null) =>
    deletionDue(kind, at(received), terminated ? at(terminated) : null).toISOString();
  expect(due("agent", "2026-02-05T09:00:00Z", "2026-01-10T00:00:00Z")).toBe("2026-02-09T00:00:00.000Z");
  expect(due("model", "2029-02-20T00:00:00Z", "2028-02-29T00:00:00Z")).toBe("2029-02-28T00:00:00.000Z");
  expect(due("agent", "2026-02-05T09:00:00Z", null)).toBe("2026-02-15T09:00:00.000Z");
  expect(due("model", "2026-02-05T09:00:00Z", null)).toBe("2026-03-07T09:00:00.000Z");
  expect(due("data", "2028-02-20T12:00:00Z", "2028-01-01T00:00:00Z")).toBe("2028-03-21T12:00:00.000Z");
});

test("(3) nothing is due later than the terms say, whenever it was received and the contract ended", () => {
  const moment = fc.date({ min: at("2024-01-01T00:00:00Z"), max: at("2032-01-01T00:00:00Z"), noInvalidDate: true });
  fc.assert(
    fc.property(moment, moment, (received, terminated) => {
      const agent = deletionDue("agent", received, terminated);
      expect(agent.getTime() - received.getTime()).toBeLessThanOrEqual(240 * 3_600_000);
      const since = received.getTime() - terminated.getTime();
      expect(agent.getTime() - terminated.getTime()).toBeLessThanOrEqual(Math.max(720 * 3_600_000, since));
      expect(agent.getTime()).toBeGreaterThanOrEqual(received.getTime());
      const model = deletionDue("model", received, terminated);
      expect(model.getTime() - received.getTime()).toBeLessThanOrEqual(720 * 3_600_000);
      expect(model.getTime() - terminated.getTime()).toBeLessThanOrEqual(Math.max(366 * 24 * 3_600_000, since));
    }),
  );
});

test("(38) what is open is made known at half, four fifths and all of its time", () => {
  const [received, due] = [at("2026-01-01T00:00:00Z"), at("2026-01-11T00:00:00Z")];
  const steps = ["2026-01-05T23:59:59Z", "2026-01-06T00:00:00Z", "2026-01-09T00:00:00Z", "2026-01-12T00:00:00Z"];
  expect(steps.map((now) => escalationAt(received, due, at(now)))).toEqual([0, 50, 80, 100]);
});
