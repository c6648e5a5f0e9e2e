import fc from "fast-check";
import postgres from "postgres";
import { afterAll, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { memoryStore, override, testKey } from "#lib/testing/rate-limits.ts";
import { startRedis } from "#lib/testing/redis.ts";
import { openStore } from "./open-store.ts";
import { type Counted, rateLimiterOn } from "./rate-limiter.ts";
import type { BucketRequest, Store } from "./store.ts";

const { sql, url } = await testDatabase();
const redis = await startRedis();
const cluster = await startRedis({ isCluster: true });
const other = connect(url);
const stores = {
  PostgreSQL: {
    // Two processes, each with connections of its own.
    open: () => Promise.all([sql, other.sql].map((sql) => openStore({ sql, redisUrl: undefined }))),
    rewind: async (ms: number) => void (await sql`update rate_buckets set at = at - ${`${ms} ms`}::interval`),
  },
  Redis: {
    open: () => Promise.all([1, 2].map(() => openStore({ sql, redisUrl: redis.url }))),
    rewind: redis.rewind,
  },
  "Redis Cluster": {
    open: () => Promise.all([1, 2].map(() => openStore({ sql, redisUrl: cluster.url }))),
    rewind: cluster.rewind,
  },
};
afterAll(async () => {
  await other.sql.end();
  await redis.stop();
  await cluster.stop();
});

const ask = (given: Partial<BucketRequest> = {}): BucketRequest => ({
  organizationId: newId("organization", now()),
  name: "tok:tiny-chat-1",
  capacity: 100,
  perSecond: 0,
  need: 0,
  least: given.need ?? 0,
  ahead: 0,
  correction: 0,
  floor: 0,
  ...given,
});

describe.each(Object.entries(stores))("%s", async (_name, { open, rewind }) => {
  const [store, second] = (await open()) as [Store, Store];
  afterAll(() => Promise.all([store.close(), second.close()]));
  const take = async (one: BucketRequest, from = store) => (await from.take([one]))[0];

  test("grants what is there, whole or as far as it goes if that is enough for anyone", async () => {
    const bucket = ask();
    expect(await take({ ...bucket, need: 60, least: 60 })).toEqual({ granted: 60, level: 60 });
    expect(await take({ ...bucket, need: 60, least: 50 })).toEqual({ granted: 0, level: 60 });
    expect(await take({ ...bucket, need: 60, least: 30 })).toEqual({ granted: 40, level: 100 });
    expect(await take({ ...bucket, need: 1, least: 1 })).toEqual({ granted: 0, level: 100 });
  });

  test("grants ahead only from an eighth of what is left", async () => {
    const bucket = ask();
    expect(await take({ ...bucket, need: 20, least: 20, ahead: 50 })).toEqual({ granted: 30, level: 30 });
    expect(await take({ ...bucket, need: 0, ahead: 3 })).toEqual({ granted: 3, level: 33 });
    expect(await take({ ...bucket, need: 67, least: 67, ahead: 50 })).toEqual({ granted: 67, level: 100 });
  });

  test("corrections may lead into debt and never below empty", async () => {
    const bucket = ask({ need: 10 });
    await take(bucket);
    expect(await take({ ...bucket, correction: 150 })).toEqual({ granted: 0, level: 160 });
    expect(await take({ ...bucket, correction: -500 })).toEqual({ granted: 10, level: 10 });
  });

  test("what is known from elsewhere is used, and not twice", async () => {
    const bucket = ask({ need: 10, floor: 70 });
    expect(await take(bucket)).toEqual({ granted: 10, level: 80 });
    expect(await take(bucket)).toEqual({ granted: 10, level: 90 });
  });

  test("a bucket refills evenly up to its capacity; a window does not", async () => {
    const [bucket, window] = [ask({ need: 100, perSecond: 10 }), ask({ need: 100 })];
    await store.take([bucket, window]);
    await rewind(3000);
    const [refilled, same] = await store.take([bucket, window].map((one) => ({ ...one, least: 1 })));
    expect(refilled?.granted).toBeGreaterThanOrEqual(30);
    expect(refilled?.granted).toBeLessThan(60);
    expect(same).toEqual({ granted: 0, level: 100 });
    await rewind(3_600_000);
    expect(await take({ ...bucket, need: 101, least: 101 })).toMatchObject({ granted: 0, level: 0 });
    expect(await take(bucket)).toMatchObject({ granted: 100 });
  });

  test("answers come in the order of the asks, whatever organizations and buckets they are about", async () => {
    const asks = Array.from({ length: 40 }, (_, i) => ask({ name: `req:${(i * 7) % 40}`, need: i }));
    const shared = asks.map((one, i) =>
      i % 3 === 0 ? { ...one, organizationId: asks[0]?.organizationId ?? "" } : one,
    );
    expect((await store.take(shared)).map(({ granted }) => granted)).toEqual(shared.map(({ need }) => need));
  });

  test("levels are read without taking", async () => {
    const bucket = ask({ need: 40 });
    await take(bucket);
    const asked = [bucket, { name: "nobody's", perSecond: 1 }, { ...bucket, perSecond: 10 }];
    for (let i = 0; i < 2; i++) {
      const [level, empty, draining] = await second.read(bucket.organizationId, asked);
      expect([level, empty]).toEqual([{ level: 40 }, { level: 0 }]);
      expect(draining?.level).toBeLessThanOrEqual(40);
    }
    expect(await store.read(bucket.organizationId, [])).toEqual([]);
  });

  test("processes that take at once never take more than there is", async () => {
    const bucket = ask({ need: 1, capacity: 30 });
    const grants = await Promise.all(Array.from({ length: 100 }, (_, i) => take(bucket, i % 2 ? store : second)));
    expect(grants.reduce((sum, grant) => sum + (grant?.granted ?? 0), 0)).toBe(30);
  });

  test("any sequence of asks is granted as the plain arithmetic says", async () => {
    const numbers = fc.record({
      bucket: fc.nat(2),
      need: fc.nat(60),
      part: fc.nat(100),
      ahead: fc.nat(40),
      correction: fc.integer({ min: -60, max: 60 }),
      floor: fc.nat(50),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(numbers, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
        async (rounds) => {
          const model = memoryStore(() => 0);
          const organizationId = newId("organization", now());
          for (const round of rounds) {
            const unique = [...new Map(round.map((one) => [one.bucket, one])).values()];
            const asks = unique.map(({ bucket, part, need, ...rest }) =>
              ask({ ...rest, organizationId, name: `tok:${bucket}`, need, least: Math.ceil((need * part) / 100) }),
            );
            expect(await store.take(asks)).toEqual(await model.take(asks));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("T-4.2.1-RL: two processes on one store admit no more than a window holds, and leave it exact", async () => {
    const limiters = [store, second].map((store) =>
      rateLimiterOn({ store: { ...store, close: async () => {} }, used: async () => 400 }),
    );
    const overrides = [override({ requests_second: 1e6, tokens_minute: 1e9, tokens_month: 1000 })];
    const key = testKey({ plan: "paid", spentPico: 0n, overrides });
    const spend = async (i: number): Promise<Counted | AppError> => {
      try {
        return await (limiters[i % 2] as (typeof limiters)[0]).admit(key, "tiny-chat-1", 10);
      } catch (error) {
        return error as AppError;
      }
    };
    const answers: (Counted | AppError)[] = [];
    for (let burst = 0; burst < 10; burst++) {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, (_, i) => spend(i)))));
    }
    const admitted = answers.filter((answer) => !(answer instanceof AppError));
    // What a process got and could not use goes back a moment later, so a last request may be refused too early.
    expect(admitted.length).toBeLessThanOrEqual(60);
    expect(admitted.length).toBeGreaterThanOrEqual(58);
    expect(answers.at(-1)).toMatchObject({ code: "tokens_month_reached", details: { limit: 1000 } });
    await Promise.all(limiters.map((limiter) => limiter.close()));
    const window = { name: `mon:${now().toISOString().slice(0, 7)}`, perSecond: 0 };
    expect(await store.read(key.organizationId, [window])).toEqual([{ level: 400 + 10 * admitted.length }]);
  });
});

test("a limited organization's flood makes no trip to the database", async () => {
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  const counted = postgres(url, { max: 2, debug: count });
  const store = await openStore({ sql: counted, redisUrl: undefined });
  // The verdict is good for a second, however long the flood takes here.
  const limiter = rateLimiterOn({ store, used: async () => 0, clock: () => 1_000_000 });
  const key = testKey({ plan: "paid", spentPico: 0n, overrides: [override({ tokens_minute: 100 })] });
  await limiter.admit(key, "tiny-chat-1", 100);
  await expect(limiter.admit(key, "tiny-chat-1", 100)).rejects.toThrow(/100 tokens a minute/);
  const before = statements;
  for (let i = 0; i < 5000; i++) expect(() => limiter.admit(key, "tiny-chat-1", 100)).toThrow(AppError);
  expect(statements).toBe(before);
  await limiter.close();
  await counted.end();
});

test("with the database away nothing is let in", async () => {
  const gone = postgres("postgres://nobody@127.0.0.1:1/nothing", { max: 1, connect_timeout: 1 });
  const limiter = rateLimiterOn({ store: await openStore({ sql: gone, redisUrl: undefined }), used: async () => 0 });
  const key = testKey({ plan: "paid", spentPico: 0n, overrides: [] });
  await expect(limiter.admit(key, "tiny-chat-1", 1)).rejects.toMatchObject({ problem: "unavailable", retryAfter: 1 });
  await limiter.close();
  await gone.end({ timeout: 1 });
});

test("with Redis away nothing is let in", async () => {
  const gone = await startRedis();
  const limiter = rateLimiterOn({ store: await openStore({ sql, redisUrl: gone.url }), used: async () => 0 });
  const key = testKey({ plan: "paid", spentPico: 0n, overrides: [] });
  expect(await limiter.admit(key, "tiny-chat-1", 1)).toMatchObject({ requestsLeft: 19 });
  await gone.stop();
  const refused = limiter.admit(testKey(key.contract.rates), "tiny-chat-1", 1);
  await expect(refused).rejects.toMatchObject({ problem: "unavailable", retryAfter: 1 });
  await limiter.close();
});
