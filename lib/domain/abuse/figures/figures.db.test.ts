import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, dayOf, startOfDay } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { noteRequest } from "#lib/testing/abuse.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { judgeDay, measureDay } from "./commands.ts";

const { db, sql } = await testDatabase();

/** Days before today, all of them ordinary. */
async function ordinaryDays({ organizationId, workspaceId, now }: Context): Promise<void> {
  for (let back = 1; back <= 28; back++)
    await sql`insert into abuse_figures (organization_id, workspace_id, day, requests, end_users, networks, answers, stops)
      values (${organizationId}, ${workspaceId}, ${dayOf(addDays(now, -back))}, ${100 + (back % 5)}, 5, 2, 100, 1)`;
}
const today = ({ organizationId, workspaceId, now }: Context, answers: number, stops: number) =>
  sql`insert into abuse_figures (organization_id, workspace_id, day, requests, end_users, networks, answers, stops)
    values (${organizationId}, ${workspaceId}, ${dayOf(now)}, 5000, 5, 2, ${answers}, ${stops})`;

const judge = async ({ now }: Context) => judgeDay(systemAt(db, now), dayOf(now));
const signs = ({ organizationId }: Context) =>
  sql`select source, measure, value, item_id is not null as has_item from abuse_flags where organization_id = ${organizationId} order by measure`;
const letters = async ({ organizationId }: Context) =>
  (await sql`select kind, text from letters where organization_id = ${organizationId}`).map(({ kind, text }) => [
    kind,
    text,
  ]);

test("A3, A4: unusual use and refused answers are items, once, and the customer gets no letter (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  await ordinaryDays(ctx);
  await today(ctx, 400, 80);
  await judge(ctx);
  await judge(ctx);
  expect(await signs(ctx)).toEqual([
    { source: "figures", measure: "requests", value: 5000, has_item: true },
    { source: "refusals", measure: "stops", value: 0.2, has_item: true },
  ]);
  expect(await letters(ctx)).toEqual([]);
  // Not again for a week, however unusual the next days are; and then again.
  for (const [days, told] of [
    [1, 2],
    [6, 2],
    // By then so many answers were refused that it is the workspace's own share.
    [8, 3],
  ] as const) {
    const later = Object.assign({}, ctx, { now: addDays(ctx.now, days) }) as Context;
    await today(later, 400, 80);
    await judge(later);
    expect((await signs(ctx)).length, `${days} days later`).toBe(told);
  }
});

test("A4: under zero retention the customer is warned of a leaked key, and there is no item and no sign of content (T-4.2.2-ABUSE, T-4.2.2.2-ZDR4)", async () => {
  const ctx = await testWorkspace(db);
  await ordinaryDays(ctx);
  await today(ctx, 400, 80);
  await sql`update workspaces set zero_retention_since = now() where organization_id = ${ctx.organizationId}`;
  await judge(ctx);
  await judge(ctx);
  expect(await signs(ctx)).toEqual([{ source: "figures", measure: "requests", value: 5000, has_item: false }]);
  const [[kind, text]] = (await letters(ctx)) as [[string, string]];
  expect([kind, text]).toEqual(["abuse.unusual", expect.stringMatching(/5,000 requests were made; about 102 a day/)]);
  expect((await letters(ctx)).length).toBe(1);
});

test("A4: a day is counted by workspace: requests, end users, and networks of /24 and /48 (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const noon = addMinutes(startOfDay(dayOf(ctx.now)), 720);
  const addresses = [
    "203.0.113.9",
    "203.0.113.77",
    "::ffff:203.0.113.5",
    "198.51.100.1",
    "2001:db8:1:2::1",
    "2001:db8:1:9::2",
    "internal",
  ];
  for (const [at, address] of addresses.entries())
    await noteRequest(sql, ctx, {
      id: newId("request", noon),
      at: noon,
      address,
      endUser: at < 2 ? `user ${at}` : null,
    });
  await measureDay(systemAt(db, ctx.now), dayOf(noon));
  await measureDay(systemAt(db, ctx.now), dayOf(noon));
  const rows =
    await sql`select requests::int, end_users::int, networks::int, day::text from abuse_figures where organization_id = ${ctx.organizationId}`;
  expect(rows).toEqual([{ requests: 7, end_users: 2, networks: 3, day: dayOf(noon) }]);
});
