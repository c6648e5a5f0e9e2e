import { beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { forgetOldSessions, openSession, revokeOtherSessions, revokeSession, touchSession } from "./commands.ts";
import { liveSession, mySessions } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
const origin = { address: "198.51.100.1", agent: "vitest" };
const visitor: AccountContext = acrossTenants({
  db,
  now: start,
  actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set<Permission>(["account.open"]) },
  origin,
});

async function person(): Promise<Id<"user">> {
  const id = newId("user", start);
  await sql`insert into users (id, email, name, created_at) values (${id}, ${`${id}@example.com`}, 'Ada', ${start})`;
  return id;
}

const signedIn = (id: Id<"user">, sessionId: Id<"session">): AccountContext => ({
  ...visitor,
  actor: { kind: "user", id, name: "Ada", email: "", sessionId, permissions: new Set<Permission>(["account.manage"]) },
});

describe("sessions", () => {
  let id: Id<"user">;
  let here: Id<"session">;
  let ctx: AccountContext;

  beforeEach(async () => {
    id = await person();
    here = await openSession(visitor, id);
    ctx = signedIn(id, here);
  });

  test("a revoked session is refused on its next request", async () => {
    expect(await liveSession(visitor, here)).toMatchObject({ user: { id }, staffRoles: [] });
    await revokeSession(ctx, { session: here });
    expect(await liveSession(visitor, here)).toBeNull();
  });

  test("staff sign out like everyone: from then on the session shows neither the person nor a desk", async () => {
    await sql`insert into staff (user_id, roles, created_at) values (${id}, '{support}', ${start})`;
    expect(await liveSession(visitor, here)).toMatchObject({ staffRoles: ["support"] });
    await revokeSession(ctx, { session: here });
    expect(await liveSession(visitor, here)).toBeNull();
  });

  test("a session ends after fourteen days, however much it is used", async () => {
    await touchSession({ ...ctx, now: addDays(start, 13) });
    expect(await liveSession({ ...visitor, now: addDays(start, 13) }, here)).not.toBeNull();
    expect(await liveSession({ ...visitor, now: addDays(start, 14) }, here)).toBeNull();
  });

  test("another person's session cannot be revoked, and looks as if it were not there", async () => {
    const other = await person();
    const theirs = await openSession(visitor, other);
    await expect(revokeSession(ctx, { session: theirs })).rejects.toMatchObject({ problem: "not_found" });
    expect(await liveSession(visitor, theirs)).not.toBeNull();
    expect(await mySessions(ctx)).toHaveLength(1);
  });

  test("everywhere else is signed out, and here is not", async () => {
    const elsewhere = [await openSession(visitor, id), await openSession(visitor, id)];
    const other = await openSession(visitor, await person());
    expect(await revokeOtherSessions(ctx)).toBe(2);
    for (const session of elsewhere) expect(await liveSession(visitor, session)).toBeNull();
    expect(await liveSession(visitor, here)).not.toBeNull();
    expect(await liveSession(visitor, other)).not.toBeNull();
  });

  test("the list shows this browser first and none that ended", async () => {
    const elsewhere = await openSession({ ...visitor, now: addMinutes(start, 5) }, id);
    const gone = await openSession(visitor, id);
    await revokeSession(ctx, { session: gone });
    const rows = await mySessions({ ...ctx, now: addMinutes(start, 6) });
    expect(rows.map((row) => [row.id, row.isThis])).toEqual([
      [here, true],
      [elsewhere, false],
    ]);
  });

  test("use is noted with where it came from, and never set back", async () => {
    await touchSession({ ...ctx, now: addMinutes(start, 9), origin: { address: "203.0.113.7", agent: "other" } });
    await touchSession({ ...ctx, now: addMinutes(start, 3), origin: { address: "203.0.113.7", agent: "other" } });
    expect(await mySessions(ctx)).toMatchObject([{ seenAt: addMinutes(start, 9), address: "203.0.113.7" }]);
  });

  test("staff roles count while the person is active", async () => {
    await sql`insert into staff (user_id, roles, active, created_at) values (${id}, '{support}', true, ${start})`;
    expect(await liveSession(visitor, here)).toMatchObject({ staffRoles: ["support"] });
    await sql`update staff set active = false where user_id = ${id}`;
    expect(await liveSession(visitor, here)).toMatchObject({ staffRoles: [] });
  });

  test("a visitor can neither list nor revoke", async () => {
    await expect(mySessions(visitor)).rejects.toMatchObject({ problem: "unauthenticated" });
    await expect(revokeSession(visitor, { session: here })).rejects.toMatchObject({ problem: "unauthenticated" });
    await expect(revokeOtherSessions(visitor)).rejects.toMatchObject({ problem: "unauthenticated" });
  });
});

test("where a person was signed in is forgotten a month after it ended, by time or by hand", async () => {
  const id = await person();
  const [revoked, expired, live] = [
    await openSession(visitor, id),
    await openSession(visitor, id),
    await openSession({ ...visitor, now: addDays(start, 40) }, id),
  ];
  await revokeSession(signedIn(id, live), { session: revoked });
  const operator = (now: Date): AccountContext => ({
    ...visitor,
    now,
    actor: { kind: "system", id: "t", name: "T", permissions: new Set<Permission>(["system.operate"]) },
  });
  const kept = async () =>
    (await sql`select id from sessions where user_id = ${id} order by created_at, revoked_at nulls last`).map(
      (row) => row.id,
    );
  await forgetOldSessions(operator(addDays(start, 30)));
  expect(await kept()).toEqual([revoked, expired, live]);
  await forgetOldSessions(operator(addDays(start, 31)));
  expect(await kept()).toEqual([expired, live]);
  await forgetOldSessions(operator(addDays(start, 45)));
  expect(await kept()).toEqual([live]);
  await expect(forgetOldSessions(visitor)).rejects.toMatchObject({ problem: "unauthenticated" });
});
