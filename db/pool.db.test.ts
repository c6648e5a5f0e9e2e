import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { connect } from "./pool.ts";
import { testDatabase } from "./testing.ts";

const { sql, url } = await testDatabase();
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What rejections no one held while something was done. */
async function unheldDuring(work: () => Promise<void>): Promise<string[]> {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const unheld = vi.fn();
  process.on("unhandledRejection", unheld);
  await work();
  await turn();
  process.off("unhandledRejection", unheld);
  for (const other of others) process.on("unhandledRejection", other);
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
