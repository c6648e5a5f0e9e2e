import fc from "fast-check";
import type { TransactionSql } from "postgres";
import { expect, test, vi } from "vitest";
import { connect } from "./pool.ts";
import { isDatabaseAway } from "./sqlstate.ts";
import { testDatabase } from "./testing.ts";

const { sql, url } = await testDatabase();
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What failed while something was done, and no one held: each would end a process, or be logged by no one who knows it. */
async function unheldDuring(work: () => Promise<void>): Promise<string[]> {
  const unheld = vi.fn();
  const others = (["unhandledRejection", "uncaughtException"] as const).map((name) => {
    const listeners = process.listeners(name as "uncaughtException");
    process.removeAllListeners(name);
    process.on(name as "uncaughtException", unheld);
    return { name, listeners };
  });
  await work();
  for (let turns = 0; turns < 5; turns++) await turn();
  for (const { name, listeners } of others) {
    process.removeAllListeners(name);
    for (const listener of listeners) process.on(name as "uncaughtException", listener);
  }
  return unheld.mock.calls.map(([error]) => String(error));
}

test("a connection that is ended at any moment of its beginning leaves no rejection that no one holds", async () => {
  const unheld = await unheldDuring(async () => {
    for (let ms = 0, answered = 0; answered < 5; ms++) {
      const { sql } = connect(url, 1);
      const asked = sql`select 1`.then(
        () => true,
        () => false,
      );
      for (const begun = performance.now(); performance.now() - begun < ms; ) await turn();
      await sql.end({ timeout: 0 });
      if (await asked) answered++;
    }
  });
  expect(unheld).toEqual([]);
});

test("a first statement that the server cancels fails for who asked, and for no one else", async () => {
  const unheld = await unheldDuring(async () => {
    const { sql } = connect(url, 1, { statement_timeout: 1 });
    await expect(sql`select pg_sleep(1)`).rejects.toMatchObject({ code: "57014" });
    await sql.end({ timeout: 1 });
  });
  expect(unheld).toEqual([]);
});

/** A transaction whose connection is taken away by the server, and what was done in it after that. */
async function lose(while_: (tx: TransactionSql, end: () => Promise<unknown>) => Promise<unknown>) {
  const { sql: one } = connect(url, 1);
  const outcome = one.begin(async (tx) => {
    const [row] = await tx`select pg_backend_pid() as pid`;
    return while_(tx, () => sql`select pg_terminate_backend(${row?.pid})`);
  });
  await expect(outcome).rejects.toThrow();
  // The place of the lost connection is taken by one that works. The driver may tell the next statement of the loss too.
  const next = await one`select 1 as one`.catch((error: unknown) => isDatabaseAway(error));
  if (next !== true) expect(next).toEqual([{ one: 1 }]);
  expect(await one`select 2 as two`).toEqual([{ two: 2 }]);
  return one;
}

test("a transaction whose connection is lost fails alone, whether a statement of it is under way or not", async () => {
  const unheld = await unheldDuring(async () => {
    const during = await lose((tx, end) => Promise.all([tx`select pg_sleep(30)`, turn().then(end)]));
    await during.end({ timeout: 1 });
    const nested = await lose((tx, end) =>
      tx.savepoint((tx) => Promise.all([tx`select pg_sleep(30)`, turn().then(end)])),
    );
    await nested.end({ timeout: 1 });
    const between = await lose(async (tx, end) => {
      await end();
      await expect
        .poll(() =>
          tx`select 2`.then(
            () => "works",
            () => "fails",
          ),
        )
        .toBe("fails");
      await expect(tx.unsafe("select 3")).rejects.toThrow();
    });
    await between.end({ timeout: 1 });
  });
  expect(unheld).toEqual([]);
});

test("what a transaction does after its connection was lost is not done on another", async () => {
  await sql`create table kept (what text)`;
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const late: Promise<unknown>[] = [];
  const ended = new Promise<void>((resolve) => {
    void lose(async (tx, end) => {
      await end();
      await held;
      const tries = [tx`insert into kept values ('late')`, tx.unsafe("insert into kept values ('later')")];
      late.push(
        ...tries,
        tx.savepoint((tx) => tx`insert into kept values ('latest')`),
      );
      await Promise.allSettled(late);
      resolve();
    }).then((one) => {
      goOn();
      return ended.then(() => one.end({ timeout: 1 }));
    });
  });
  await ended;
  expect((await Promise.allSettled(late)).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await sql`select from kept`).toHaveLength(0);
});

test("every kind of array that a table or function of ours has is told to the driver", async () => {
  const found = await sql<{ oid: number; name: string }[]>`
    select distinct kind.oid::int as oid, typname as name from (
      select atttypid as oid from pg_attribute join pg_class as place on place.oid = attrelid
        where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
      union select unnest(prorettype || proargtypes::oid[] || coalesce(proallargtypes, '{}')) from pg_proc
        where pronamespace = 'public'::regnamespace) as used
    join pg_type as kind on kind.oid = used.oid where typcategory = 'A' and typname <> '_usage_events'`;
  expect(found.length).toBeGreaterThan(2);
  expect(found.filter(({ oid }) => !(oid in sql.options.parsers && oid in sql.options.serializers))).toEqual([]);
});

test("what is written as an array is read as the same", async () => {
  const texts = fc.array(fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")));
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.array(fc.integer()),
      fc.array(fc.bigInt({ min: -9n, max: 2n ** 62n })),
      async (...all) => {
        const [words, numbers, large] = all;
        const [row] =
          await sql`select ${words}::text[] as words, ${numbers}::int[] as numbers, ${large.map(String)}::bigint[] as large,
        'b' = any(${words}) as has`;
        expect(row).toEqual({ words, numbers, large: large.map(String), has: words.includes("b") });
      },
    ),
    { numRuns: 60 },
  );
});
