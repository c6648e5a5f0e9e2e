import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { liveSession } from "#lib/domain/account/sessions/queries.ts";
import { forgetOldDevices } from "./commands.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const visitor: AccountContext = acrossTenants({
  db,
  now: start,
  actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set<Permission>(["account.open"]) },
  origin: { address: "198.51.100.1", agent: firefox },
});
const [desk, telephone] = [newId("device", start), newId("device", start)];
let id: `usr_${string}`;

beforeEach(async () => {
  id = newId("user", start);
  await sql`insert into users (id, email, name, created_at) values (${id}, ${`${id}@example.com`}, 'Ada', ${start})`;
});

const letters = () =>
  sql`select text from letters where recipient = ${`${id}@example.com`} and kind = 'account.new-device'`;

test("the very first sign-in of an account is no news; one from another browser is, once", async () => {
  await openSession(visitor, id, { deviceId: desk });
  expect(await letters()).toHaveLength(0);
  await openSession({ ...visitor, now: addMinutes(start, 5) }, id, { deviceId: telephone });
  const sent = await letters();
  expect(sent).toHaveLength(1);
  for (const said of ["2026-11-23 10:05 UTC", "198.51.100.1", "Firefox on Linux", "/forgot-password"]) {
    expect(sent[0]?.text).toContain(said);
  }
  await openSession(visitor, id, { deviceId: telephone });
  await openSession({ ...visitor, origin: { address: "203.0.113.9", agent: "other" } }, id, { deviceId: desk });
  expect(await letters()).toHaveLength(1);
});

test("an account that was in use before browsers were told apart hears of the next one", async () => {
  await openSession(visitor, id);
  await openSession(visitor, id, { deviceId: desk });
  expect(await letters()).toHaveLength(1);
});

test("a browser known to one account is new to another", async () => {
  await openSession(visitor, id, { deviceId: desk });
  const other = newId("user", start);
  await sql`insert into users (id, email, name, created_at) values (${other}, ${`${other}@example.com`}, 'Bob', ${start})`;
  await openSession(visitor, other, { deviceId: telephone });
  await openSession(visitor, other, { deviceId: desk });
  expect(await letters()).toHaveLength(0);
  const told =
    await sql`select 1 from letters where recipient = ${`${other}@example.com`} and kind = 'account.new-device'`;
  expect(told).toHaveLength(1);
});

test("a browser that was not used for long is new again", async () => {
  await openSession(visitor, id, { deviceId: desk });
  await openSession(visitor, id, { deviceId: telephone });
  const permissions = new Set<Permission>(["system.operate"]);
  const operator: AccountContext = { ...visitor, actor: { kind: "system", id: "t", name: "T", permissions } };
  await forgetOldDevices({ ...operator, now: addDays(start, 400) });
  expect(await sql`select 1 from devices where user_id = ${id}`).toHaveLength(2);
  await forgetOldDevices({ ...operator, now: addDays(start, 401) });
  expect(await sql`select 1 from devices where user_id = ${id}`).toHaveLength(0);
  await expect(forgetOldDevices(visitor)).rejects.toMatchObject({ problem: "unauthenticated" });
});

test("each sign-in is a session of its own; what a provider says of an earlier one keeps it from being recent", async () => {
  const first = await openSession(visitor, id, { deviceId: desk });
  const second = await openSession(visitor, id, { deviceId: desk, provenAt: addMinutes(start, -30) });
  const third = await openSession(visitor, id, { deviceId: desk, provenAt: addMinutes(start, 30) });
  expect(new Set([first, second, third]).size).toBe(3);
  expect(await liveSession(visitor, first)).toMatchObject({ provenAt: start });
  expect(await liveSession(visitor, second)).toMatchObject({ provenAt: addMinutes(start, -30) });
  expect(await liveSession(visitor, third)).toMatchObject({ provenAt: start });
});
