import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { personOf } from "#lib/core/access/person.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context, transaction } from "#lib/core/context.ts";
import { beginEnding } from "#lib/domain/agreements/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { deleteAccount } from "./account/commands.ts";
import { removeMember } from "./commands.ts";
import { deleteOrganization } from "./organization/commands.ts";
import { purgeLeftBehind } from "./remains/commands.ts";
import { recordsEnd } from "./rules.ts";

const { db, sql } = await testDatabase();
let ctx: Context;
let job: AccountContext;

beforeAll(() => {
  const actor: Actor = { kind: "job", id: "test", name: "test", permissions: new Set(["system.operate"]) };
  job = acrossTenants({ db, now: new Date(), actor, origin: { address: "internal", agent: "test" } });
});
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const draft = { name: "k", scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };
const personIn = (ctx: Context) => personOf(ctx.actor);

/** The person at their own account, as the database shows it to them. */
const account = (ctx: Context): AccountContext =>
  acrossTenants({
    db: tenantDb({ userId: personIn(ctx).id }),
    now: ctx.now,
    actor: { ...ctx.actor, permissions: new Set(["account.open", "account.manage"]) } as Actor,
    origin: ctx.origin,
  });

async function conversation(of: Context): Promise<Id<"conversation">> {
  const id = newId("conversation", of.now);
  await sql`insert into conversations (organization_id, id, workspace_id, owner_id, model, created_at, updated_at)
    values (${of.organizationId}, ${id}, ${of.workspaceId}, ${personIn(of).id}, 'm', ${of.now}, ${of.now})`;
  return id;
}
const conversations = async (of: Context) =>
  (await sql`select id from conversations where organization_id = ${of.organizationId}`).map(({ id }) => id);
const lettersTo = (email: string) => sql`select kind, text from letters where recipient = ${email}`;

describe("a deleted organization", () => {
  test("has no keys, people, conversations or secrets from that moment, and its receipt says what went and what is kept", async () => {
    const member = await testWorkspace(db, { within: ctx, roles: ["dev"] });
    await createKey(ctx, draft);
    await createKey(member, draft);
    await conversation(member);
    const gone = await deleteOrganization(ctx, { name: "Test" });
    expect(gone).toMatchObject({ "API keys": 2, conversations: 1, members: 2 });
    const id = ctx.organizationId;
    const [left] = await sql`select status, deleted_at is not null as deleted,
      (select count(*)::int from members where organization_id = ${id}) as members,
      (select count(*)::int from workspace_members where organization_id = ${id}) as places,
      (select count(*)::int from keys where organization_id = ${id} and revoked_at is null) as keys,
      (select count(*)::int from conversations where organization_id = ${id}) as conversations
      from organizations where id = ${id}`;
    expect(left).toEqual({ status: "terminated", deleted: true, members: 0, places: 0, keys: 0, conversations: 0 });
    const [receipt] = await lettersTo(personIn(ctx).email);
    expect(receipt).toMatchObject({ kind: "organization.deleted" });
    expect(receipt?.text).toContain("2 API keys");
    expect(receipt?.text).toContain(recordsEnd(ctx.now).toISOString().slice(0, 10));
    const [row] =
      await sql`select after from audit_events where organization_id = ${id} and action = 'organization.delete'`;
    expect(row?.after.gone.members).toBe(2);
  });

  test("T-PRE-2: has no agreement that runs, so nothing is announced to it any more, and a notice that was given ends nothing later", async () => {
    await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
    await transaction(ctx, (ctx) => beginEnding(ctx, { kind: "convenience", endsAt: addDays(ctx.now, 40) }));
    await deleteOrganization(ctx, { name: "Test" });
    const [agreement] = await sql`select cause, ended_at is not null as ended from agreements
      where organization_id = ${ctx.organizationId}`;
    expect(agreement).toEqual({ cause: "deleted", ended: true });
    const [open] = await sql`select count(*)::int as count from terminations
      where organization_id = ${ctx.organizationId} and withdrawn_at is null`;
    expect(open?.count).toBe(0);
  });

  test("is not deleted by another name, nor by a member, and nobody else's is touched", async () => {
    const other = await testWorkspace(db);
    await createKey(other, draft);
    await expect(deleteOrganization(ctx, { name: "Tes" })).rejects.toMatchObject({
      fields: { name: [expect.any(String)] },
    });
    const member = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
    await expect(deleteOrganization(member, { name: "Test" })).rejects.toMatchObject({ problem: "forbidden" });
    await deleteOrganization(ctx, { name: "Test" });
    const [row] =
      await sql`select count(*)::int as keys from keys where organization_id = ${other.organizationId} and revoked_at is null`;
    expect(row?.keys).toBe(1);
  });

  test.each([
    ["2026-01-01T00:00:00Z", "2037-01-01"],
    ["2026-12-31T23:59:59Z", "2037-01-01"],
    ["2028-02-29T12:00:00Z", "2039-01-01"],
  ])("at %s leaves its records until %s", (at, until) => {
    expect(recordsEnd(new Date(at)).toISOString().slice(0, 10)).toBe(until);
  });
});

describe("a deleted account", () => {
  test("leaves every organization and keeps nothing of the person but a row without a name", async () => {
    const member = await testWorkspace(db, { within: ctx, roles: ["dev"] });
    const { id, email } = personIn(member);
    await createKey(member, draft);
    await conversation(member);
    await sql`insert into sessions (id, user_id, address, agent, created_at, seen_at, proven_at, expires_at)
      values (${newId("session", ctx.now)}, ${id}, '', '', now(), now(), now(), now() + interval '1 day')`;
    const left = await deleteAccount(account(member), { email });
    expect(left).toEqual({ organizations: 1, keys: 1, conversations: 1 });
    const [user] =
      await sql`select email, name, password_hash, deleted_at is not null as deleted from users where id = ${id}`;
    expect(user).toEqual({
      email: `${id}@deleted.invalid`,
      name: "Deleted account",
      password_hash: null,
      deleted: true,
    });
    const [rest] = await sql`select (select count(*)::int from sessions where user_id = ${id}) as sessions,
      (select count(*)::int from members where user_id = ${id}) as members,
      (select count(*)::int from keys where owner_id = ${id} and revoked_at is null) as keys`;
    expect(rest).toEqual({ sessions: 0, members: 0, keys: 0 });
    expect((await lettersTo(email)).map(({ kind }) => kind)).toContain("account.deleted");
    expect(await conversations(ctx)).toEqual([]);
  });

  test("is refused while an organization would be left without an admin, and then nothing at all has happened", async () => {
    const { id, email } = personIn(ctx);
    await createKey(ctx, draft);
    await expect(deleteAccount(account(ctx), { email })).rejects.toThrow(/only admin of Test\. Delete it first/);
    await testWorkspace(db, { within: ctx });
    await expect(deleteAccount(account(ctx), { email })).rejects.toThrow(/Make somebody else/);
    await expect(deleteAccount(account(ctx), { email: "other@example.com" })).rejects.toMatchObject({
      problem: "invalid",
    });
    const [left] = await sql`select (select count(*)::int from members where user_id = ${id}) as members,
      (select count(*)::int from keys where owner_id = ${id} and revoked_at is null) as keys`;
    expect(left).toEqual({ members: 1, keys: 1 });
    await deleteOrganization(ctx, { name: "Test" });
    await deleteAccount(account(ctx), { email });
  });
});

describe("what a person leaves behind", () => {
  test("goes after thirty days, and stays where they have come back", async () => {
    const [gone, back] = [
      await testWorkspace(db, { within: ctx, roles: ["dev"] }),
      await testWorkspace(db, { within: ctx, roles: ["dev"] }),
    ];
    const [, kept] = [await conversation(gone), await conversation(back)];
    for (const one of [gone, back]) await removeMember(ctx, { user: personIn(one).id });
    await sql`insert into members (organization_id, user_id, roles, created_at)
      values (${ctx.organizationId}, ${personIn(back).id}, '{member}', now())`;
    await purgeLeftBehind({ ...job, now: addDays(ctx.now, 29) });
    expect(await conversations(ctx)).toHaveLength(2);
    expect(await purgeLeftBehind({ ...job, now: addDays(ctx.now, 30) })).toBe(1);
    expect(await conversations(ctx)).toEqual([kept]);
    const rows = await sql`select object_id from audit_events
      where organization_id = ${ctx.organizationId} and action = 'conversation.purge'`;
    expect(rows).toEqual([{ object_id: personIn(gone).id }]);
  });
});
