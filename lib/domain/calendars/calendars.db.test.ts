import ICAL from "ical.js";
import { beforeEach, expect, test } from "vitest";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context } from "#lib/core/context.ts";
import { cancelDeadline, meetDeadline, moveDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { makeCalendar, readCalendar, revokeCalendar } from "./commands.ts";
import { myCalendar } from "./queries.ts";

const { sql, db } = await testDatabase();
const opened = new Date("2026-11-02T00:00:00.000Z");
const due = new Date("2027-03-10T00:00:00.000Z");

let ctx: Context;
beforeEach(async () => {
  ctx = { ...(await testWorkspace(db)), now: opened };
});

const visitor = (now = opened): AccountContext =>
  acrossTenants({
    db: tenantDb({}),
    now,
    actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(anonymousPermissions) },
    origin: { address: "203.0.113.9", agent: "vitest" },
  });

const tokenOf = async (of: AccountContext): Promise<string> => {
  const { address } = await makeCalendar(of);
  return /\/calendar\/([\w-]{43})\.ics$/.exec(address)?.[1] ?? "";
};

/** As a calendar program reads it. */
async function events(token: string, now = opened) {
  const text = await readCalendar(visitor(now), token);
  const component = new ICAL.Component(ICAL.parse(text));
  return component.getAllSubcomponents("vevent").map((one) => {
    const event = new ICAL.Event(one);
    return {
      uid: event.uid,
      summary: event.summary,
      at: event.startDate.toJSDate().toISOString(),
      sequence: event.sequence,
      status: one.getFirstPropertyValue("status"),
    };
  });
}

const subject = { kind: "dispute", id: "one" } as const;
const open = (of: Context, id = "one") =>
  openDeadline(of, { clock: "dispute.answer", subject: { ...subject, id }, dueAt: due });
const at = (days: number): Context => ({ ...ctx, now: addDays(opened, days) });

test("contract 34: a calendar reads a deadline at its instant; moved it keeps its uid and raises its sequence, cancelled it says so", async () => {
  const token = await tokenOf(ctx);
  await open(ctx);
  const [before] = await events(token);
  expect(before).toMatchObject({
    summary: "Answer a dispute – Test",
    at: due.toISOString(),
    sequence: 0,
    status: "CONFIRMED",
  });
  await moveDeadline(at(1), "dispute.answer", "one", addDays(due, 1));
  const [moved] = await events(token);
  expect(moved).toEqual({ ...before, at: addDays(due, 1).toISOString(), sequence: 1 });
  await cancelDeadline(at(2), "dispute.answer", "one");
  const [gone] = await events(token, addDays(opened, 3));
  expect(gone).toEqual({ ...moved, sequence: 2, status: "CANCELLED" });
  expect(await events(token, addDays(opened, 93))).toEqual([]);
});

test("contract 34: what was done before its date is taken out, what came at its date stays", async () => {
  const token = await tokenOf(ctx);
  for (const id of ["early", "in time"]) await open(ctx, id);
  await meetDeadline(at(1), "dispute.answer", "early");
  await meetDeadline({ ...ctx, now: due }, "dispute.answer", "in time");
  expect((await events(token)).map(({ status }) => status).toSorted()).toEqual(["CANCELLED", "CONFIRMED"]);
});

test("contract 34: what a person may see is asked at each read: an admin all, a member their own keys, one who left nothing", async () => {
  await open(ctx);
  const dev = { ...(await testWorkspace(db, { within: ctx, roles: ["dev"] })), now: opened };
  const other = { ...(await testWorkspace(db)), now: opened };
  await open(other, "theirs");
  const draft = { scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: 90 };
  await createKey(dev, { ...draft, name: "Own" });
  await createKey(ctx, { ...draft, name: "Admin's" });
  const [admins, devs] = [await tokenOf(ctx), await tokenOf(dev)];
  const titles = async (token: string) => (await events(token)).map(({ summary }) => summary.slice(0, 14)).toSorted();
  expect(await titles(admins)).toEqual(["An API key exp", "An API key exp", "Answer a dispu"]);
  expect(await titles(devs)).toEqual(["An API key exp"]);
  await sql`update members set roles = '{billing_manager}' where user_id = ${dev.actor.id}`;
  expect(await titles(devs)).toHaveLength(3);
  await sql`insert into sign_in_rules (organization_id, requires_second_factor, updated_at, updated_by) values (${ctx.organizationId}, true, now(), 'test')`;
  expect(await titles(devs)).toEqual([]);
  await sql`delete from sign_in_rules`;
  await sql`delete from workspace_members where user_id = ${dev.actor.id}`;
  await sql`delete from members where user_id = ${dev.actor.id}`;
  expect(await titles(devs)).toEqual([]);
});

test("contract 34: the address is kept as a hash, one for each person, and worth nothing once revoked, replaced or made up", async () => {
  const refused = (token: string) =>
    expect(readCalendar(visitor(), token)).rejects.toMatchObject({ problem: "not_found" });
  expect(await myCalendar(ctx)).toBeNull();
  const first = await tokenOf(ctx);
  const [kept] = await sql`select * from calendars where user_id = ${ctx.actor.id}`;
  expect(JSON.stringify(kept)).not.toContain(first);
  await events(first);
  expect(await myCalendar(ctx)).toEqual({ createdAt: opened, readAt: opened });
  const second = await tokenOf(ctx);
  await refused(first);
  await events(second);
  await revokeCalendar(ctx);
  for (const token of [first, second, "", "x".repeat(43), "x".repeat(100_000), "../../etc", "%00"])
    await refused(token);
  expect(await myCalendar(ctx)).toBeNull();
});

test("contract 34: names with any signs are read as they are written", async () => {
  const name = `Ünïon; "Sons, & Co" \\ 株式会社 ${"🏭".repeat(40)}\r\nBEGIN:VEVENT`;
  await sql`update organizations set name = ${name} where id = ${ctx.organizationId}`;
  await open(ctx);
  const token = await tokenOf(ctx);
  expect((await events(token)).map(({ summary }) => summary)).toEqual([
    `Answer a dispute – ${name.replace("\r\n", "\n")}`,
  ]);
  const text = await readCalendar(visitor(), token);
  for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(text).not.toMatch(/[^\r]\n/);
});
