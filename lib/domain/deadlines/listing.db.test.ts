import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { cancelDeadline, meetDeadline, openDeadline } from "./commands.ts";
import { deadlineFilter } from "./input.ts";
import { deadlineSlice, deskDeadlines } from "./queries.ts";
import type { ClockName } from "./rules.ts";
import { deskOf } from "./subjects/rules.ts";

const { db, sql } = await testDatabase();
const opened = new Date("2026-11-02T00:00:00.000Z");

let ctx: Context;
beforeEach(async () => {
  await sql`delete from deadlines`;
  ctx = { ...(await testWorkspace(db)), now: opened };
});

const open = (of: Context, clock: ClockName, id: string, days: number) =>
  openDeadline(of, { clock, subject: { kind: "dispute", id }, dueAt: addDays(opened, days) });
const desk = async (asked: object = {}) => {
  const { rows } = await deskDeadlines(staffAt("models", opened), deadlineFilter.parse(asked));
  return rows.map(({ subjectId }) => subjectId);
};

test("contract 32: the desk has every customer's deadlines in one queue, the earliest first, whichever noun they are of", async () => {
  const other = { ...(await testWorkspace(db)), now: opened };
  await sql`update organizations set name = 'Orchard' where id = ${other.organizationId}`;
  await open(ctx, "dispute.answer", "late", 1);
  await open(other, "zdr.review", "orchard", 2);
  await open(ctx, "key.expiry", "soon", 3);
  await open(ctx, "rate.request", "met", 1);
  await meetDeadline(ctx, "rate.request", "met");
  await sql`update deadlines set broken_at = due_at where subject_id = 'late'`;
  expect(await desk()).toEqual(["late", "orchard", "soon"]);
  expect(await desk({ sort: "-due" })).toEqual(["soon", "orchard", "late"]);
  expect(await desk({ show: "broken" })).toEqual(["late"]);
  expect(await desk({ show: "over" })).toEqual(["met"]);
  expect(await desk({ owner: "trust" })).toEqual(["orchard"]);
  expect(await desk({ q: "orchar" })).toEqual(["orchard"]);
  expect(await desk({ q: "T-5.2" })).toEqual(["late"]);
  await expect(deskDeadlines(ctx, deadlineFilter.parse({}))).rejects.toMatchObject({ problem: "forbidden" });
  const { rows } = await deskDeadlines(systemAt(db, opened), {
    ...deadlineFilter.parse({}),
    organizationId: other.organizationId,
  });
  expect(rows.map(deskOf)).toEqual([`/staff/billing/disputes/${other.organizationId}/orchard`]);
});

test("contract 32: a program reads its own organization's, page by page, and no one else's", async () => {
  const other = { ...(await testWorkspace(db)), now: opened };
  for (let n = 0; n < 5; n += 1) await open(ctx, "dispute.answer", `d${n}`, 10 - n);
  await open(ctx, "dispute.answer", "cancelled", 1);
  await cancelDeadline(ctx, "dispute.answer", "cancelled");
  await open(other, "dispute.answer", "theirs", 1);
  const seen: string[] = [];
  let after: Awaited<ReturnType<typeof deadlineSlice>>[number]["id"] | undefined;
  for (let page = 0; page < 4; page += 1) {
    const rows = await deadlineSlice(ctx, { show: "open", limit: 2, after });
    seen.push(...rows.map(({ subjectId }) => subjectId));
    after = rows.at(-1)?.id ?? after;
  }
  expect(seen).toEqual(["d4", "d3", "d2", "d1", "d0"]);
  expect((await deadlineSlice(ctx, { show: "over", limit: 9 })).map(({ subjectId }) => subjectId)).toEqual([
    "cancelled",
  ]);
  const dev = { ...(await testWorkspace(db, { within: ctx, roles: ["dev"] })), now: opened };
  await expect(deadlineSlice(dev, { show: "open", limit: 9 })).rejects.toMatchObject({ problem: "forbidden" });
});
