import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { endUserFilter } from "#lib/domain/usage/input.ts";
import { endUserSorts, type Question } from "#lib/domain/usage/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { endUserPage } from "./queries.ts";

const { db, sql } = await testDatabase();
const count = 230;
const question: Question = {
  range: { from: "2026-01-03", to: "2026-01-04" },
  grain: "day",
  by: "end_user",
  measure: "cost",
  everywhere: false,
  only: undefined,
};
let ctx: Context;

beforeAll(async () => {
  ctx = await testWorkspace(db);
  await sql`insert into usage_sums
    select ${ctx.organizationId}, 'end_user', 'day', day::timestamptz, ${ctx.workspaceId}, case n when 7 then '50%_off' else 'user-' || n end,
      n % 9, 0, n % 50, 0, n % 7, (n % 40)::numeric * 1000000000000
    from unnest(array['2026-01-01', '2026-01-03', '2026-01-04']) as day, generate_series(1, ${count}) as n`;
});

const page = (asked: object = {}, as = ctx) => endUserPage(as, question, endUserFilter.parse(asked));

test.each(endUserSorts.flatMap((name) => [name, `-${name}`]))(
  "sorted by %s, pages have every end user once",
  async (sort) => {
    const [ids, firsts]: [string[], number[]] = [[], []];
    for (let after: string | undefined; ; ) {
      const at = await page({ sort, after });
      ids.push(...at.rows.map(({ id }) => id));
      firsts.push(at.first);
      expect(at.total).toBe(count);
      if (at.after === null) break;
      after = at.after;
    }
    expect(new Set(ids).size).toBe(count);
    expect(firsts).toEqual([1, 51, 101, 151, 201]);
  },
);

test("T-4.2.1-EU: each has its sums of the period and of the one before, the most expensive first", async () => {
  const { rows } = await page();
  const costs = rows.map(({ now }) => now.costPico);
  expect(costs).toEqual(costs.toSorted((a, b) => Number(b - a)));
  expect(rows[0]).toMatchObject({ now: { costPico: 78_000_000_000_000n }, before: { costPico: 39_000_000_000_000n } });
});

test("is searched with signs taken literally, in the own workspace only", async () => {
  expect((await page({ q: "%_" })).rows.map(({ name }) => name)).toEqual(["50%_off"]);
  expect((await page({ q: "USER-22" })).rows).toHaveLength(11);
  expect((await page({ q: "_ser" })).rows).toEqual([]);
  expect((await page({}, await testWorkspace(db))).rows).toEqual([]);
  const user = await testWorkspace(db, { within: ctx, roles: ["user"] });
  await expect(page({}, user)).rejects.toMatchObject({ problem: "forbidden" });
});
