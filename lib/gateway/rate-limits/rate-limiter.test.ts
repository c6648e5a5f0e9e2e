import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import type { RateFacts } from "#lib/domain/rates/rules.ts";
import { memoryStore, override, testKey } from "#lib/testing/rate-limits.ts";
import { type Counted, type RateLimiter, rateLimiterOn } from "./rate-limiter.ts";
import type { Store } from "./store.ts";

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
    rateLimiterOn({ store, clock, calendar, used: async () => used }),
  );
  return { time, store, limiters, one: limiters[0] as RateLimiter };
}

const attempt = async (ask: () => Counted | Promise<Counted>): Promise<Counted | AppError> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};
const admittedOf = (answers: (Counted | AppError)[]): number =>
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

test("requests of one turn are asked for together, and what is known to be empty is not asked for again", async () => {
  const { one, store } = world();
  const key = testKey(paid);
  const answers = await Promise.all(Array.from({ length: 30 }, () => attempt(() => one.admit(key, model, 10))));
  expect(admittedOf(answers)).toBe(20);
  const rounds = store.rounds;
  expect(rounds).toBeLessThanOrEqual(2);
  const flood = await Promise.all(Array.from({ length: 10_000 }, () => attempt(() => one.admit(key, model, 10))));
  expect(admittedOf(flood)).toBe(0);
  expect(store.rounds).toBe(rounds);
});

test("with credit in hand no request waits", async () => {
  const { one, time, store } = world();
  const key = testKey({ ...paid, overrides: [override({ requests_second: 10_000, tokens_minute: 1e9 })] });
  for (let i = 0; i < 50; i++) {
    await attempt(() => one.admit(key, model, 10));
    time.ms += 1;
  }
  const rounds = store.rounds;
  let promises = 0;
  for (let i = 0; i < 200; i++) {
    const answer = one.admit(key, model, 10);
    if (answer instanceof Promise) promises += 1;
    await answer;
    if (i % 20 === 0) await new Promise(setImmediate);
  }
  expect(promises).toBeLessThan(4);
  expect(store.rounds - rounds).toBeLessThan(20);
});

test("T-4.2.2.1-RL: at the month's tokens the organization is suspended until the month is over, or it pays", async () => {
  const { one } = world(1, 3_999_950);
  const key = testKey(free);
  const refused = (await attempt(() => one.admit(key, model, 100))) as AppError;
  expect(refused).toMatchObject({ problem: "rate_limited", code: "tokens_month_reached" });
  expect(refused.details).toMatchObject({ limit: 4_000_000, used: 3_999_950, resets_at: "2026-12-01T00:00:00.000Z" });
  expect(refused.details.upgrade_url).toMatch(new RegExp(`/${key.workspaceId}/limits#plan$`));
  expect(refused.headers).toMatchObject({
    "x-should-retry": "false",
    "x-ratelimit-limit-tokens-month": "4000000",
    "x-ratelimit-remaining-tokens-month": "50",
  });
  const untilDecember = (Date.UTC(2026, 11, 1) - november) / 1000;
  expect(refused.retryAfter).toBeGreaterThan(untilDecember - 60);
  expect(refused.retryAfter).toBeLessThanOrEqual(untilDecember);
  expect(refused.message).toMatch(
    /50 are left, and this request may take 100.*1 December 2026.*upgrade to the paid plan/,
  );
  // The gate reads a key again once its organization's plan has changed.
  const upgraded = testKey(paid, key);
  const answer = (await attempt(() => one.admit(upgraded, model, 100))) as Counted;
  expect(answer.headers).not.toHaveProperty("x-ratelimit-limit-tokens-month");
  expect(answer.requestsLeft).toBe(19);
});

test("a month's tokens come back with the month", async () => {
  const { one, time } = world(1, 0);
  const key = testKey({ ...free, overrides: [override({ tokens_month: 100 })] });
  expect(await attempt(() => one.admit(key, model, 100))).toMatchObject({ tokensLeft: 0 });
  time.ms += 2000;
  expect(await attempt(() => one.admit(key, model, 1))).toMatchObject({ code: "tokens_month_reached" });
  time.ms += Date.UTC(2026, 11, 1) - november;
  expect(await attempt(() => one.admit(key, model, 100))).toMatchObject({ tokensLeft: 0 });
});

test("what an answer really took is what counts: the rest is given back, or owed", async () => {
  const { one, time } = world();
  const key = testKey({ ...paid, overrides: [override({ tokens_minute: 6000 })] });
  const short = (await attempt(() => one.admit(key, model, 5000))) as Counted;
  one.correct(short, 400);
  one.correct(short, 400);
  expect(await attempt(() => one.admit(key, model, 5600))).toMatchObject({ tokensLeft: 0 });
  time.ms += 60_000;
  const long = (await attempt(() => one.admit(key, model, 1000))) as Counted;
  one.correct(long, 7000);
  // 1000 owed, and 100 run off in a second.
  const refused = await attempt(() => one.admit(key, model, 500));
  expect(refused).toMatchObject({ retryAfter: 15, details: { window: "minute", limit: 6000 } });
  time.ms += 15_000;
  expect(await attempt(() => one.admit(key, model, 500))).toMatchObject({ tokensLeft: 0 });
});

test("a request that may take more than fits is let in when the bucket is whole, and owes the rest", async () => {
  const { one, time } = world();
  const key = testKey({ ...paid, overrides: [override({ tokens_minute: 600 })] });
  const large = (await attempt(() => one.admit(key, model, 2000))) as Counted;
  expect(large.tokensLeft).toBe(0);
  one.correct(large, 1800);
  expect(await attempt(() => one.admit(key, model, 1))).toMatchObject({ code: "rate_limited", retryAfter: 121 });
  time.ms += 119_000;
  expect(await attempt(() => one.admit(key, model, 1))).toMatchObject({ code: "rate_limited", retryAfter: 2 });
  time.ms += 2000;
  expect(await attempt(() => one.admit(key, model, 1))).toMatchObject({ tokensLeft: 9 });
});

test("a large request that is refused takes nothing from the small ones after it", async () => {
  const { one } = world();
  const key = testKey({ ...paid, overrides: [override({ tokens_minute: 1000 })] });
  await attempt(() => one.admit(key, model, 500));
  for (let i = 0; i < 5; i++) expect(await attempt(() => one.admit(key, model, 600))).toBeInstanceOf(AppError);
  expect(await attempt(() => one.admit(key, model, 500))).toMatchObject({ tokensLeft: 0 });
});

test("a workspace's tighter limit refuses its own requests, not the organization's others", async () => {
  const { one } = world();
  const mine = testKey(paid);
  const limited = {
    ...paid,
    overrides: [override({ requests_second: 2 }, { workspaceId: mine.workspaceId, source: "workspace" })],
  };
  const key = testKey(limited, mine);
  const other = { ...testKey(limited, mine), workspaceId: testKey(paid).workspaceId };
  const first = await attempt(() => one.admit(key, model, 1));
  expect((first as Counted).headers["x-ratelimit-limit-req-second"]).toBe("2");
  await attempt(() => one.admit(key, model, 1));
  const refused = (await attempt(() => one.admit(key, model, 1))) as AppError;
  expect(refused.message).toMatch(/This workspace may use 2 requests a second.*Set by your workspace admin/);
  expect(await attempt(() => one.admit(other, model, 1))).toMatchObject({ requestsLeft: 17 });
});

test("two models have two buckets", async () => {
  const { one } = world();
  const key = testKey(free);
  for (const name of ["tiny-chat-1", "tiny-embed-1"]) {
    expect(await attempt(() => one.admit(key, name, 1))).toMatchObject({ requestsLeft: 0 });
  }
});

test("when the store fails, nothing is let in, and what was to be corrected still is", async () => {
  const { store, time } = world();
  let isDown = false;
  const flaky: Store = { ...store, take: (asks) => (isDown ? Promise.reject(new Error("gone")) : store.take(asks)) };
  const one = rateLimiterOn({ store: flaky, clock: () => time.ms, calendar: () => november, used: async () => 0 });
  const key = testKey({ ...paid, overrides: [override({ tokens_minute: 1000 })] });
  const admitted = (await attempt(() => one.admit(key, model, 900))) as Counted;
  isDown = true;
  one.correct(admitted, 100);
  expect(await attempt(() => one.admit(key, model, 900))).toMatchObject({ problem: "unavailable", retryAfter: 1 });
  isDown = false;
  expect(await attempt(() => one.admit(key, model, 900))).toMatchObject({ tokensLeft: 0 });
});

test("a process that ends gives back what it held", async () => {
  const { one, store } = world();
  const key = testKey({ ...paid, overrides: [override({ requests_second: 1000, tokens_minute: 100_000 })] });
  for (let i = 0; i < 40; i++) one.correct((await attempt(() => one.admit(key, model, 50))) as Counted, 60);
  await one.close();
  expect(store.levels.get(`${key.organizationId} tok:${model}`)).toBeCloseTo(2400, 5);
  expect(store.levels.get(`${key.organizationId} req:${model}`)).toBeCloseTo(40, 5);
});

test("T-4.2.1-RL: however processes and bursts fall, no more is let in than the limit and what they may hold", async () => {
  const step = fc.record({ process: fc.nat(1), requests: fc.integer({ min: 1, max: 60 }), thenMs: fc.nat(400) });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.array(step, { minLength: 1, maxLength: 25 }),
      async (limit, steps) => {
        const { time, limiters } = world(2);
        const key = testKey({ ...paid, overrides: [override({ requests_second: limit, tokens_minute: 1e9 })] });
        const moments: { ms: number; admitted: number }[] = [];
        for (const { process, requests, thenMs } of steps) {
          const limiter = limiters[process] as RateLimiter;
          const answers = await Promise.all(
            Array.from({ length: requests }, () => attempt(() => limiter.admit(key, model, 1))),
          );
          moments.push({ ms: time.ms, admitted: admittedOf(answers) });
          time.ms += thenMs;
        }
        await Promise.all(limiters.map((limiter) => limiter.close()));
        const carry = 2 * Math.floor(limit / 10);
        moments.forEach((from, i) => {
          let sum = 0;
          for (const to of moments.slice(i)) {
            sum += to.admitted;
            expect(sum).toBeLessThanOrEqual(limit + (limit * (to.ms - from.ms)) / 1000 + carry + 1e-3);
          }
        });
      },
    ),
    { numRuns: 200 },
  );
});

test("the person who keeps to the limit is never refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 30 }), async (limit, count) => {
      const { time, one } = world();
      const key = testKey({ ...paid, overrides: [override({ requests_second: limit, tokens_minute: 1e9 })] });
      for (let i = 0; i < count; i++) {
        expect(await attempt(() => one.admit(key, model, 1))).not.toBeInstanceOf(AppError);
        time.ms += Math.ceil(1000 / limit);
      }
      await one.close();
    }),
  );
});
