import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { StaffRole } from "#lib/core/access/staff-roles.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { cancelDeadline, meetDeadline, moveDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import type { ClockName } from "#lib/domain/deadlines/rules.ts";
import { addStaff } from "#lib/domain/staff/commands.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { sweepDeadlines } from "./commands.ts";

const { db, sql } = await testDatabase();
const opened = new Date("2026-11-02T00:00:00.000Z");
const dueAt = addDays(opened, 100);

const people = { support: "ines@example.com", billing: "bo@example.com", admin: "ada@example.com" } as const;
for (const [role, email] of Object.entries(people))
  await addStaff(systemAt(db, opened), { email, roles: [role as StaffRole] });

let ctx: Context;
beforeEach(async () => {
  // What other tests left open is no part of what a sweep finds here.
  await sql`update deadlines set next_at = null, untold = null`;
  await sql`delete from letters`;
  ctx = { ...(await testWorkspace(db)), now: opened };
});

const at = (now: Date): Context => ({ ...ctx, now });
const open = (clock: ClockName, id = "one") => openDeadline(ctx, { clock, subject: { kind: "key", id }, dueAt });
const sweep = (day: number) => sweepDeadlines(systemAt(db, addDays(opened, day)));
const letters = async () =>
  (await sql`select kind, recipient, subject, text, organization_id from letters order by id`).map((row) => ({
    ...row,
  }));
const to = async (kind: string) =>
  (await letters()).filter((one) => one.kind === kind).map(({ recipient }) => recipient);
const broken = async () => [
  ...(await sql`select action, clause from audit_events where organization_id = ${ctx.organizationId} and action = 'deadline.break'`),
];
const email = () => (ctx.actor.kind === "user" ? ctx.actor.email : "");

test("contract 32, T-5.2-DISP: a dispute not answered reaches its role, then the administrators, is broken once and audited", async () => {
  await open("dispute.answer");
  await sweep(50);
  expect(await letters()).toEqual([]);
  await sweep(80);
  await sweep(81);
  expect(await to("deadlines.escalated")).toEqual([people.billing]);
  await sweep(100);
  await sweep(101);
  expect((await to("deadlines.escalated")).toSorted()).toEqual([people.admin, people.billing, people.billing]);
  expect((await letters()).at(-1)?.text).toContain("OVERDUE since 2027-02-10 00:00 UTC");
  expect(await broken()).toEqual([{ action: "deadline.break", clause: "T-5.2-DISP" }]);
});

test("contract 32, T-4.2.1-KEY2: a customer is told 30, 7 and 1 days before in one letter each, and the date passes by itself", async () => {
  await open("key.expiry");
  await open("key.expiry", "two");
  for (const day of [69, 70, 70, 93, 95, 99, 100, 100]) await sweep(day);
  expect(await to("deadlines.coming")).toEqual([email(), email(), email()]);
  expect((await letters())[0]).toMatchObject({
    subject: "2 dates of your agreement are coming",
    organization_id: ctx.organizationId,
  });
  const rows =
    await sql`select met_by, next_at, broken_at from deadlines where organization_id = ${ctx.organizationId}`;
  expect([...rows]).toEqual([
    { met_by: "system", next_at: null, broken_at: null },
    { met_by: "system", next_at: null, broken_at: null },
  ]);
});

test("contract 32: what is met, cancelled or moved before its step is told of no more", async () => {
  for (const id of ["met", "cancelled", "moved"]) await open("rate.request", id);
  await meetDeadline(at(addDays(opened, 10)), "rate.request", "met");
  await cancelDeadline(at(addDays(opened, 10)), "rate.request", "cancelled");
  await moveDeadline(at(addDays(opened, 10)), "rate.request", "moved", addDays(opened, 200));
  await sweep(100);
  expect(await letters()).toEqual([]);
  await sweep(160);
  expect(await to("deadlines.escalated")).toEqual([people.support]);
});

test("contract 32: a clock that was broken and is moved can be kept again", async () => {
  await open("suspension.review");
  await sweep(100);
  await moveDeadline(at(addDays(opened, 101)), "suspension.review", "one", addDays(opened, 300));
  const [row] =
    await sql`select broken_at, next_at is null as ended from deadlines where organization_id = ${ctx.organizationId}`;
  expect(row).toEqual({ broken_at: null, ended: false });
});

test("contract 32, T-6-EFF: an end that was not carried out in an hour is an alarm, one that was is none", async () => {
  await open("contract.end", "late");
  await open("contract.end", "done");
  await meetDeadline(at(dueAt), "contract.end", "done");
  await sweepDeadlines(systemAt(db, addMinutes(dueAt, 59)));
  expect(await broken()).toEqual([]);
  await sweepDeadlines(systemAt(db, addMinutes(dueAt, 60)));
  expect((await to("deadlines.escalated")).toSorted()).toEqual([people.admin, people.support]);
  expect(await broken()).toHaveLength(1);
});

test("contract 32: two processes that sweep at once write each letter once", async () => {
  for (let n = 0; n < 12; n += 1) await open("key.expiry", `key ${n}`);
  await open("dispute.answer");
  await Promise.all([sweep(99), sweep(99), sweep(99)]);
  expect(await to("deadlines.escalated")).toEqual([people.billing]);
  const told = (await letters()).filter(({ kind }) => kind === "deadlines.coming");
  const named = told.flatMap(({ text }) => String(text).match(/An API key expires/g) ?? []);
  expect(named).toHaveLength(12);
});

test("contract 32: a sweep that dies in the middle leaves all of a customer as it was, and the next one does it once", async () => {
  await open("key.expiry");
  await sql`create or replace function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`;
  await sql`create trigger die before insert on letters for each row execute function die()`;
  await sweep(99).catch(() => undefined);
  await sql`drop trigger die on letters`;
  expect(await letters()).toEqual([]);
  await sweep(99);
  expect(await to("deadlines.coming")).toEqual([email()]);
});

test("contract 32: staff that were not told before a process died are told by the next", async () => {
  await open("dispute.answer");
  await sql`create or replace function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`;
  await sql`create trigger die before insert on letters for each row execute function die()`;
  await sweep(100).catch(() => undefined);
  await sql`drop trigger die on letters`;
  expect(await broken()).toHaveLength(1);
  await sweep(100);
  await sweep(100);
  expect((await to("deadlines.escalated")).toSorted()).toEqual([people.admin, people.billing]);
  expect(await broken()).toHaveLength(1);
});
