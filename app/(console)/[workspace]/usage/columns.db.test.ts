import { expect, test } from "vitest";
import { streamFile } from "#app/(console)/stream-file.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { usageLines } from "#lib/domain/usage/files/queries.ts";
import type { Question } from "#lib/domain/usage/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { usageColumns } from "./columns.ts";

const { db, sql } = await testDatabase();
const days = 20;
const endUsers = 10_000;
const question: Question = {
  range: { from: "2026-01-01", to: "2026-01-20" },
  grain: "day",
  by: "end_user",
  measure: "cost",
  everywhere: false,
  only: undefined,
};

/** A workspace that has served many end users, each every day; how often the database was asked is counted. */
async function crowded(): Promise<{ ctx: Context; asked: () => number }> {
  const ctx = await testWorkspace(db);
  await sql`insert into usage_sums
    select ${ctx.organizationId}, dimension, 'day', '2026-01-01'::timestamptz + day * interval '1 day', ${ctx.workspaceId},
      case dimension when 'model' then 'm' else 'user-' || n end, 1, 0, 10, 0, 5, 1000000000001 * (n + 1)
    from generate_series(0, ${days - 1}) as day, generate_series(0, ${endUsers - 1}) as n, (values ('end_user')) as dimensions (dimension)`;
  let count = 0;
  const counting = new Proxy(db, {
    get: (target, name, receiver) => {
      if (name === "select") count++;
      return Reflect.get(target, name, receiver);
    },
  });
  return { ctx: { ...ctx, db: counting }, asked: () => count };
}

/** The last cell of a line, in pico-euros; the head has none. */
function picoOf(cell: string): bigint {
  const [whole = "", fraction = ""] = cell.split(".");
  return /^\d+$/.test(whole) ? BigInt(whole + fraction.padEnd(12, "0")) : 0n;
}

const read = (ctx: Context) =>
  streamFile("usage", "csv", usageColumns("end_user", "day"), usageLines(ctx, question)).body?.getReader();

test("200,000 rows are in the file, exact, and take the memory of a few batches", async () => {
  const { ctx } = await crowded();
  const reader = read(ctx);
  const decoder = new TextDecoder();
  let [lines, pico, highest, rest] = [0, 0n, 0, ""];
  const before = process.memoryUsage().rss;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\r\n");
    rest = parts.pop() ?? "";
    lines += parts.length;
    for (const part of parts) pico += picoOf(part.split(",").at(-1) ?? "");
    highest = Math.max(highest, process.memoryUsage().rss);
  }
  expect(lines).toBe(1 + days * endUsers);
  const [kept] =
    await sql`select sum(cost_pico)::text as pico from usage_sums where organization_id = ${ctx.organizationId}`;
  expect(String(pico)).toBe(kept?.pico);
  expect((highest - before) / 1e6).toBeLessThan(150);
}, 120_000);

test("a reader who leaves ends the questions to the database", async () => {
  const { ctx, asked } = await crowded();
  const reader = read(ctx);
  for (let i = 0; i < 4; i++) await reader?.read();
  await reader?.cancel();
  const count = asked();
  expect(count).toBeLessThan(8);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(asked()).toBe(count);
}, 120_000);
