import { expect, test } from "vitest";
import { attemptsMax, eventTypes, isGivenUp, isTaken, signatureOf, waitAfter } from "./events.ts";

test("a delivery is tried over about three days, each wait longer than the one before and never quite the same", () => {
  const waits = Array.from({ length: attemptsMax - 1 }, (_, i) => waitAfter(i + 1, 0.5));
  const days = waits.reduce((sum, wait) => sum + wait, 0) / 86_400_000;
  expect(days).toBeGreaterThan(2.5);
  expect(days).toBeLessThan(3.2);
  expect(waits[0]).toBe(10_000);
  expect(waits.every((wait, i) => i === 0 || wait >= (waits[i - 1] ?? 0))).toBe(true);
  expect(waitAfter(3, 0)).toBe(72_000);
  expect(waitAfter(3, 1)).toBe(108_000);
});

test("an endpoint is given up after five days of nothing but failures, not a moment before", () => {
  const since = new Date("2026-11-01T10:00:00Z");
  expect(isGivenUp(null, since)).toBe(false);
  expect(isGivenUp(since, new Date("2026-11-06T09:59:59.999Z"))).toBe(false);
  expect(isGivenUp(since, new Date("2026-11-06T10:00:00Z"))).toBe(true);
});

test("only an answer that says yes counts: a redirect does not", () => {
  expect([200, 204, 299].every(isTaken)).toBe(true);
  expect([null, 199, 300, 302, 404, 500].some(isTaken)).toBe(false);
});

test("the signature is the one of the specification's own example", () => {
  const secret = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
  const body = '{"test": 2432232314}';
  expect(signatureOf([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)).toBe(
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("every type of event has words and an example whose every field has a value or may be empty", () => {
  for (const [type, { about, example }] of Object.entries(eventTypes)) {
    expect(type).toMatch(/^[a-z_]+(\.[a-z_]+)+$/);
    expect(about.length).toBeGreaterThan(10);
    expect(Object.keys(example).every((name) => /^[a-z_]+$/.test(name))).toBe(true);
  }
});
