import { expect, test } from "vitest";
import { connectionRows } from "./rules.ts";

const now = new Date("2026-11-30T12:00:00Z");
const services = { connected: 1, lost: 0, failing: 0, failingSince: null, unread: 0, lastRead: null };
const facts = { live: 0, failing: 0, off: 0, failingSince: null, reporting: 0, services };
const lastRead = { service: "Slack", version: 1, at: now, by: "Ada" };

test("contract 3: T-1-TPS, T-4.2.1-TPS1: what is connected is shown, and what needs a person is not called healthy", () => {
  expect(connectionRows(facts)["T-1-TPS"]).toMatchObject({ state: "running" });
  expect(connectionRows(facts)["T-4.2.1-TPS1"].state).toBe("running");
  for (const trouble of [{ lost: 1 }, { failing: 1, failingSince: now }]) {
    const rows = connectionRows({ ...facts, services: { ...services, ...trouble } });
    expect(rows["T-4.2.1-TPS1"].state).toBe("at_risk");
  }
  const none = connectionRows({ ...facts, services: { ...services, connected: 0 } });
  expect([none["T-1-TPS"].state, none["T-4.2.1-TPS1"].state]).toEqual(["open", "not_applicable"]);
});

test("contract 3: T-4.2.1-TPS2: who read which wording last is shown, and a wording that is to be read is due", () => {
  expect(connectionRows(facts)["T-4.2.1-TPS2"].state).toBe("text");
  const read = connectionRows({ ...facts, services: { ...services, lastRead } })["T-4.2.1-TPS2"];
  expect(read).toMatchObject({ state: "running", words: "Ada read what leaves for Slack, wording 1." });
  expect(connectionRows({ ...facts, services: { ...services, lastRead, unread: 1 } })["T-4.2.1-TPS2"].state).toBe(
    "due",
  );
});
