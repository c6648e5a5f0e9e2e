import { EventEmitter, once } from "node:events";
import { afterAll, afterEach, expect, test } from "vitest";
import { Pool } from "./pool.ts";
import { isDatabaseAway } from "./sqlstate.ts";
import { testDatabase } from "./testing.ts";
import { testWire } from "./testing-wire.ts";
import { DatabaseWatch } from "./watch.ts";

const { url } = await testDatabase();
const wire = await testWire(url);
afterAll(wire.close);

const changes = new EventEmitter();
const pool = new Pool(wire.url, 4);
const watch = new DatabaseWatch(wire.url, (isAway) => void changes.emit(isAway ? "away" : "back"));
afterAll(async () => {
  await watch.stop();
  await pool.end();
});
afterEach(() => wire.mend());

/** How long a statement took, and whether it failed as one does while the database is away. */
async function ask(statement = "select 1"): Promise<{ seconds: number; isAway: boolean }> {
  const begun = performance.now();
  const isAway = await pool.sql.unsafe(statement).then(
    () => false,
    (error: unknown) => {
      expect(isDatabaseAway(error), String(error)).toBe(true);
      return true;
    },
  );
  return { seconds: (performance.now() - begun) / 1000, isAway };
}

for (const [how, lose] of [
  ["falls silent", () => wire.silence()],
  ["is cut off", () => wire.cut()],
] as const) {
  test(`a database that ${how} fails what waits within two seconds, what comes at once, and is back when it is`, async () => {
    await ask();
    const waiting = ask("select pg_sleep(30)");
    const transaction = pool.sql.begin(async (tx) => {
      await tx`select 1`;
      await once(changes, "away");
      await tx`select 2`;
    });
    const failed = transaction.then(() => false, isDatabaseAway);
    await ask();
    const gone = once(changes, "away");
    lose();
    // Two seconds on a machine at rest; the driver itself would wait for minutes.
    expect((await waiting).seconds).toBeLessThan(6);
    await gone;
    expect(await failed).toBe(true);
    const refused = await Promise.all(Array.from({ length: 50 }, () => ask()));
    expect(refused.every(({ isAway, seconds }) => isAway && seconds < 1)).toBe(true);
    await expect(pool.sql.begin((tx) => tx`select 1`)).rejects.toThrow("does not answer");
    await expect(pool.db.execute("select 1")).rejects.toThrow();
    const back = once(changes, "back");
    wire.mend();
    await back;
    expect(await ask()).toMatchObject({ isAway: false });
  });
}

test("a line that stalls while the database answers others is replaced", async () => {
  const stalling = await testWire(url);
  const own = new Pool(stalling.url, 1);
  await own.sql`select 1`;
  stalling.silence(() => true);
  const waiting = own.sql`select 1`.then(() => false, isDatabaseAway);
  expect(await waiting).toBe(true);
  expect(await own.sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect(watch.isAway).toBe(false);
  await own.end();
  await stalling.close();
});
