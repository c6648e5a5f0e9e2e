import { expect, test } from "vitest";
import { AppError } from "#lib/errors.ts";
import type { RateFacts } from "#lib/rates/rules.ts";
import { type Admitted, type Limiter, limiterOn } from "./limiter.ts";
import { memoryStore, override, testKey } from "./testing.ts";

const free: RateFacts = { plan: "free", spentPico: 0n, overrides: [] };
const paid: RateFacts = { plan: "paid", spentPico: 0n, overrides: [] };
const model = "tiny-chat-1";
const november = Date.UTC(2026, 10, 23, 12);

/** Limiters of several processes on one store, with a clock that stands still until it is moved. */
function world(processes = 1, used = 0) {
  const time = { ms: 10_000 };
  const clock = () => time.ms;
  const store = memoryStore(clock);
  const calendar = () => november + time.ms;
  const limiters = Array.from({ length: processes }, () =>
    limiterOn({ store, clock, calendar, used: async () => used }),
  );
  return { time, store, limiters, one: limiters[0] as Limiter };
}

const attempt = async (ask: () => Admitted | Promise<Admitted>): Promise<Admitted | AppError> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};
const admittedOf = (answers: (Admitted | AppError)[]): number =>
  answers.filter((answer) => !(answer instanceof AppError)).length;

test("T-4.2.2.1-RL: a free organization sends one request a second, and is told when it may send the next", async () => {
  const { one, time } = world();
  const key = testKey(free);
  expect(await attempt(() => one.admit(key, model, 100))).toMatchObject({ requestsLeft: 0, tokensLeft: 49_900 });
  const refused = await attempt(() => one.admit(key, model, 100));
  expect(refused).toMatchObject({ problem: "rate_limited", code: "rate_limited", retryAfter: 1 });
  expect((refused as AppError).message).toMatch(
    /may use 1 request a second of tiny-chat-1 \(Terms of service, plan Free\)/,
  );
  expect((refused as AppError).headers).toMatchObject({
    "x-ratelimit-limit-req-second": "1",
    "x-ratelimit-remaining-req-second": "0",
    "x-ratelimit-limit-tokens-minute": "50000",
  });
  time.ms += 1000;
  expect(await attempt(() => one.admit(key, model, 100))).toMatchObject({ requestsLeft: 0 });
});
