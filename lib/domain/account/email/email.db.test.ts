import { beforeEach, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { personOf } from "#lib/core/access/person.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context } from "#lib/core/context.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { liveSession } from "#lib/domain/account/sessions/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { askForEmail, confirmNewEmail, undoNewEmail } from "./commands.ts";

const { db, sql } = await testDatabase();
let home: Context;
let me: AccountContext;
let visitor: AccountContext;
let id: Id<"user">;
let tests = 0;

beforeEach(async () => {
  tests += 1;
  home = await testWorkspace(db);
  ({ id } = personOf(home.actor));
  const origin = { address: `198.51.100.${tests}`, agent: "vitest" };
  const actor = { ...home.actor, permissions: new Set(["account.open", "account.manage"]) } as Actor;
  me = acrossTenants({ db: tenantDb({ userId: id }), now: home.now, actor, origin });
  const nobody: Actor = { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"]) };
  visitor = acrossTenants({ db: tenantDb({}), now: home.now, actor: nobody, origin });
});

const fresh = () => `new-${newId("user", home.now)}@example.com`;
const emailOf = async () => (await sql`select email from users where id = ${id}`)[0]?.email;
const lettersTo = (email: string) => sql`select kind, text from letters where recipient = ${email} order by id`;
const tokenTo = async (email: string) => ({
  token: (await lettersTo(email)).flatMap(({ text }) => /token=([\w-]+)/.exec(text)?.[1] ?? []).at(-1) ?? "",
});

test("an address changes once the new one answers; the old one is told, and every browser is signed out", async () => {
  const [before, after] = [await emailOf(), fresh()];
  const session = await openSession(visitor, id);
  await askForEmail(me, { email: after });
  expect(await emailOf()).toBe(before);
  expect((await lettersTo(before)).map(({ kind }) => kind)).toEqual(["account.new-email-asked"]);
  const { token } = await tokenTo(after);
  await confirmNewEmail(me, { token });
  expect(await emailOf()).toBe(after);
  expect(await liveSession(visitor, session)).toBeNull();
  const rows = await sql`select before, after from audit_events
    where organization_id = ${home.organizationId} and action = 'account.change-email'`;
  expect(rows).toMatchObject([{ before: { email: before }, after: { email: after } }]);
  await expect(confirmNewEmail(me, { token })).rejects.toMatchObject({ problem: "invalid" });
});

test("who reads the letter and does not hold the account gives it no address: it would open with a stranger's password", async () => {
  const [before, wanted] = [await emailOf(), fresh()];
  await askForEmail(me, { email: wanted });
  const letter = await tokenTo(wanted);
  await expect(confirmNewEmail(visitor, letter)).rejects.toMatchObject({ problem: "unauthenticated" });
  const actor = { ...(await testWorkspace(db)).actor, permissions: me.actor.permissions } as Actor;
  await expect(confirmNewEmail({ ...me, actor }, letter)).rejects.toMatchObject({ problem: "forbidden" });
  expect(await emailOf()).toBe(before);
  await confirmNewEmail(me, letter);
  expect(await emailOf()).toBe(wanted);
});

test("the old address takes it back for a fortnight; then only a new password opens the account", async () => {
  const [before, after] = [await emailOf(), fresh()];
  await sql`update users set password_hash = 'scrypt$x' where id = ${id}`;
  await askForEmail(me, { email: after });
  await confirmNewEmail(me, await tokenTo(after));
  const session = await openSession(visitor, id);
  const undo = await tokenTo(before);
  const late = { ...visitor, now: addDays(visitor.now, 15) };
  await expect(undoNewEmail(late, undo)).rejects.toMatchObject({ problem: "invalid" });
  expect(await undoNewEmail(visitor, undo)).toMatch(/^[\w-]{43}$/);
  const [user] = await sql`select email, password_hash from users where id = ${id}`;
  expect(user).toEqual({ email: before, password_hash: null });
  expect(await liveSession(visitor, session)).toBeNull();
});

test("only the newest wish counts, and an address of another account is told apart to nobody but its reader", async () => {
  const [first, second, taken] = [fresh(), fresh(), personOf((await testWorkspace(db)).actor).email];
  for (const email of [first, second]) await askForEmail(me, { email });
  await expect(confirmNewEmail(me, await tokenTo(first))).rejects.toMatchObject({ problem: "invalid" });
  expect(await askForEmail(me, { email: taken })).toBeUndefined();
  await expect(confirmNewEmail(me, await tokenTo(taken))).rejects.toMatchObject({ problem: "conflict" });
  await expect(askForEmail(me, { email: await emailOf() })).rejects.toMatchObject({ problem: "invalid" });
});
