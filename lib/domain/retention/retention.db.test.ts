import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { prepareContents, purgeContents, receiptEnds } from "./commands.ts";

const { db, sql } = await testDatabase();
const at = (moment: Date) => ({ ...systemContext("test"), db, now: moment });
const hour = 3_600_000;
const begun = new Date("2026-11-29T10:00:00Z");

async function keep({ organizationId, workspaceId }: Context, moment: Date): Promise<void> {
  const id = newId("request", moment);
  await sql`select ensure_contents_partition(${moment.toISOString()}::timestamptz)`;
  await sql`insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
    values (${organizationId}, date_trunc('hour', ${moment.toISOString()}::timestamptz, 'UTC'), ${id}, ${workspaceId}, array[${id}, 'req_2'], false, '')`;
}

const hours = async (): Promise<string[]> => {
  const rows = await sql`select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'contents'::regclass order by relname`;
  return rows.map(({ relname }) => relname as string);
};

test("help-zdr 24, T-4.2.2.1-D1, T-4.2.2.2-D1: an hour of content goes as a whole when 720 hours have passed since it began, and not before", async () => {
  const ctx = await testWorkspace(db);
  for (const minutes of [0, 59, 60]) await keep(ctx, new Date(begun.getTime() + minutes * 60_000));
  const due = begun.getTime() + 720 * hour;
  expect(await purgeContents(at(new Date(due - 1)))).toBe(0);
  expect(await purgeContents(at(new Date(due)))).toBe(4);
  expect(await hours()).toEqual(["contents_2026112911"]);
  expect(await purgeContents(at(new Date(due + hour)))).toBe(2);
  expect(await sql`select from contents`).toHaveLength(0);
  expect(await hours()).toEqual([]);
});

test("places for content are made two days ahead, by as many processes as there are", async () => {
  await Promise.all([1, 2, 3].map(() => prepareContents(at(begun))));
  expect((await hours()).slice(0, 2)).toEqual(["contents_2026112910", "contents_2026112911"]);
  expect((await hours()).at(-1)).toBe("contents_2026120110");
  expect(await purgeContents(at(new Date("2027-03-01T00:00:00Z")))).toBe(0);
  expect(await hours()).toEqual([]);
});

test("T-4.2.2.2-D1: what was there before hours had tables of their own goes at the same moment, by row", async () => {
  const ctx = await testWorkspace(db);
  await sql.unsafe(
    `create table contents_before partition of contents for values from (minvalue) to ('2026-11-29T13:00:00Z')`,
  );
  for (const ago of [2, 1, 0]) await keep(ctx, new Date(begun.getTime() - ago * hour));
  expect(await hours()).toEqual(["contents_before"]);
  expect(await purgeContents(at(new Date(begun.getTime() + 719 * hour)))).toBe(4);
  expect(await sql`select from contents`).toHaveLength(1);
  expect(await purgeContents(at(new Date(begun.getTime() + 720 * hour)))).toBe(2);
});

test("help-zdr 24: what ends on a day has one receipt for each organization, once, when the day is over", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const sums = (one: Context, ago: number, requests: number) =>
    sql`insert into content_sums (organization_id, workspace_id, hour, requests, bytes)
      values (${one.organizationId}, ${one.workspaceId}, ${new Date(begun.getTime() - ago * hour)}, ${requests}, ${requests * 100})`;
  await sums(ctx, 1, 3);
  await sums(ctx, 0, 4);
  await sums(other, 0, 5);
  const due = begun.getTime() + 720 * hour;
  await purgeContents(at(new Date(due - hour)));
  await purgeContents(at(new Date(due)));
  expect(await receiptEnds(at(new Date(due)))).toBe(0);
  const tomorrow = at(new Date(due + 24 * hour));
  await Promise.all([0, 1].map(() => receiptEnds(tomorrow)));
  expect(await receiptEnds(tomorrow)).toBe(0);
  const receipts =
    await sql`select organization_id, signed::json -> 'removed' -> 0 as removed, signed::json ->> 'cause' as cause
    from deletion_receipts where organization_id in (${ctx.organizationId}, ${other.organizationId}) order by organization_id`;
  const [first, second] = [ctx, other].map(({ organizationId }) =>
    receipts.filter((one) => one.organization_id === organizationId),
  );
  expect(first).toMatchObject([
    {
      cause: "thirty-days",
      removed: { class: "content-log", items: 7, bytes: 700, recount: 0, oldest: "2026-11-29T09:00:00.000Z" },
    },
  ]);
  expect(second).toMatchObject([{ removed: { items: 5 } }]);
});
