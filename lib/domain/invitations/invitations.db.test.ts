import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { addDays, addMinutes, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { passwordMatches } from "#lib/core/password.ts";
import { joinWithNewAccount } from "#lib/domain/account/joining/commands.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { removeMember } from "#lib/domain/leaving/commands.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import { accessTo } from "#lib/domain/organizations/queries.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { documentInForce, hasAgreed } from "#lib/domain/terms/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { acceptInvitation, invite, resendInvitation, revokeInvitation } from "./commands.ts";
import { invitationBehind, openInvitations } from "./queries.ts";

const { db, sql } = await testDatabase();
const problem = (code: string) => ({ problem: code });
const idOf = (ctx: AccountContext) => ctx.actor.id as Id<"user">;
const password = "purple otter quietly hums";
let tests = 0;
let admin: Context;
let visitor: AccountContext;
let terms: { agree: "on"; documentId: Id<"document">; sha256: string };

beforeAll(async () => {
  const operator: Actor = { kind: "system", id: "test", name: "Test", permissions: new Set(["system.operate"]) };
  await publishDocuments(
    acrossTenants({ db, now: addDays(now(), -1), actor: operator, origin: { address: "x", agent: "test" } }),
  );
});

beforeEach(async () => {
  tests += 1;
  admin = await testWorkspace(db);
  visitor = acrossTenants({
    db,
    now: admin.now,
    actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"]) },
    origin: { address: `198.51.100.${tests}`, agent: "vitest" },
  });
  const { id, sha256 } = await documentInForce(visitor, "terms");
  terms = { agree: "on", documentId: id, sha256 };
});

/** A person with an account and an organization of their own. */
async function person(): Promise<AccountContext & { email: string }> {
  const ctx = await testWorkspace(db);
  await sql`update users set email_verified_at = now() where id = ${idOf(ctx)}`;
  const [row] = await sql`select email from users where id = ${idOf(ctx)}`;
  const permissions = new Set<Permission>(["account.manage", "account.open"]);
  const seen = tenantDb({ userId: idOf(ctx) });
  return { ...ctx, db: seen, actor: { ...ctx.actor, permissions }, email: row?.email };
}

const grants = () => [{ workspaceId: admin.workspaceId, roles: ["dev" as const] }];
const newEmail = () => `new-${tests}-${Math.random().toString(36).slice(2)}@example.com`;

async function tokenTo(email: string): Promise<string> {
  const letters = await sql`select text from letters where recipient = ${email} order by xmin::text::bigint`;
  return /token=([\w-]+)/.exec(letters.at(-1)?.text)?.[1] ?? "";
}

async function invited(email: string, more: Partial<Parameters<typeof invite>[1]> = {}) {
  const [made] = await invite(admin, { emails: [email], roles: ["member"], grants: grants(), ...more });
  if (!made) throw new Error("Nobody was invited.");
  return { ...made, token: await tokenTo(email) };
}

const join = (token: string, ctx = visitor) => joinWithNewAccount(ctx, { token, name: "Ben Ito", password, ...terms });

describe("an invitation", () => {
  test("brings a person who has an account in, once, with the roles it names; the address in any case", async () => {
    const ben = await person();
    const { token } = await invited(ben.email, { roles: ["member", "billing_manager"] });
    expect(await acceptInvitation(ben, token)).toBe(admin.organizationId);
    expect((await accessTo(ben, admin.workspaceId)).roles).toEqual(["member", "billing_manager", "dev"]);
    await expect(acceptInvitation(ben, token)).rejects.toMatchObject({ code: "invitation_accepted" });
    const [audit] = await sql`select actor_id, after from audit_events where action = 'member.join'
      and organization_id = ${admin.organizationId}`;
    expect(audit).toMatchObject({ actor_id: idOf(ben), after: { roles: ["member", "billing_manager"] } });
  });

  test("is good once, also for two browsers at the same instant", async () => {
    const ben = await person();
    const { token } = await invited(ben.email);
    const outcomes = await Promise.allSettled([acceptInvitation(ben, token), acceptInvitation(ben, token)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("is worth nothing to another person, who learns no more than who it is for", async () => {
    const [ben, eve] = [await person(), await person()];
    const { token } = await invited(ben.email);
    await expect(acceptInvitation(eve, token)).rejects.toMatchObject(problem("forbidden"));
    await expect(accessTo(eve, admin.workspaceId)).rejects.toMatchObject(problem("not_found"));
    expect(await acceptInvitation(ben, token)).toBe(admin.organizationId);
  });

  test("expires after seven days, to the instant", async () => {
    const ben = await person();
    const { token } = await invited(ben.email);
    const end = addDays(admin.now, 7);
    await expect(acceptInvitation({ ...ben, now: end }, token)).rejects.toMatchObject({ code: "invitation_expired" });
    await expect(invitationBehind({ ...visitor, now: end }, token)).rejects.toMatchObject(problem("invalid"));
    await expect(join(token, { ...visitor, now: end })).rejects.toMatchObject(problem("invalid"));
    expect(await acceptInvitation({ ...ben, now: new Date(end.getTime() - 1) }, token)).toBe(admin.organizationId);
  });

  test("is worth nothing once it is withdrawn", async () => {
    const ben = await person();
    const { id, token } = await invited(ben.email);
    await revokeInvitation(admin, { invitation: id });
    await expect(acceptInvitation(ben, token)).rejects.toMatchObject({ code: "invitation_revoked" });
    expect(await openInvitations(admin)).toEqual([]);
    await expect(revokeInvitation(admin, { invitation: id })).rejects.toMatchObject(problem("not_found"));
  });

  test("sent again has another link and seven days from then; the old link is worth nothing", async () => {
    const ben = await person();
    const { id, token: old } = await invited(ben.email);
    await expect(resendInvitation(admin, { invitation: id })).rejects.toMatchObject(problem("rate_limited"));
    await resendInvitation({ ...admin, now: addDays(admin.now, 6) }, { invitation: id });
    const token = await tokenTo(ben.email);
    const late = { ...ben, now: addDays(admin.now, 12) };
    await expect(acceptInvitation(late, old)).rejects.toMatchObject({ code: "unknown_invitation" });
    expect(await acceptInvitation(late, token)).toBe(admin.organizationId);
  });

  test("keeps only a keyed hash of its link, also in the audit log", async () => {
    const { id, token } = await invited(newEmail());
    const [row] = await sql`select invitations::text as all from invitations where id = ${id}`;
    const audits = await sql`select audit_events::text as all from audit_events where object_id = ${id}`;
    for (const { all } of [row, ...audits] as { all: string }[]) expect(all).not.toContain(token);
    expect(JSON.stringify(await openInvitations(admin))).not.toMatch(/[\w-]{43}/);
  });
});

describe("inviting", () => {
  test("is refused to members, for another's workspace, and twice for one address", async () => {
    const ben = await testWorkspace(db, { within: admin, roles: ["workspace_admin"] });
    const emails = [newEmail()];
    const draft = { emails, roles: ["member" as const], grants: grants() };
    await expect(invite(ben, draft)).rejects.toMatchObject(problem("forbidden"));
    const foreign = await testWorkspace(db);
    const theirs = [{ workspaceId: foreign.workspaceId, roles: ["dev" as const] }];
    await expect(invite(admin, { ...draft, grants: theirs })).rejects.toMatchObject(problem("not_found"));
    await invite(admin, draft);
    await expect(invite(admin, draft)).rejects.toMatchObject({
      fields: { emails: [expect.stringMatching(/already/)] },
    });
    const [known] = await sql`select email from users where id = ${idOf(ben)}`;
    await expect(invite(admin, { ...draft, emails: [newEmail(), known?.email] })).rejects.toMatchObject({
      fields: { emails: [expect.stringMatching(/is a member already/)] },
    });
    expect(await openInvitations(admin)).toHaveLength(1);
  });

  test("again works once the first has expired; no one's inbox is flooded that way", async () => {
    const emails = [newEmail()];
    const draft = { emails, roles: ["member" as const], grants: grants() };
    for (let i = 0; i < 5; i++) {
      const [made] = await invite({ ...admin, now: addMinutes(admin.now, i) }, draft);
      if (made) await revokeInvitation(admin, { invitation: made.id });
    }
    await expect(invite(admin, draft)).rejects.toMatchObject({
      fields: { emails: [expect.stringMatching(/too often/)] },
    });
    const later = { ...admin, now: addDays(admin.now, 8) };
    await invite(later, draft);
    const [again] = await invite({ ...later, now: addDays(later.now, 8) }, draft);
    expect(again).toMatchObject({ email: emails[0], state: "open" });
  });

  test("an invitation of another organization is not found, to send it again or withdraw it", async () => {
    const { id } = await invited(newEmail());
    const foreign = await testWorkspace(db);
    await expect(resendInvitation(foreign, { invitation: id })).rejects.toMatchObject(problem("not_found"));
    await expect(revokeInvitation(foreign, { invitation: id })).rejects.toMatchObject(problem("not_found"));
    expect(await openInvitations(foreign)).toEqual([]);
  });

  test("the free plan has three people, invited ones included, also when two are invited at the same instant", async () => {
    admin = await testWorkspace(db, { plan: "free" });
    await invited(newEmail());
    const once = () => invite(admin, { emails: [newEmail()], roles: ["member"], grants: grants() });
    const outcomes = await Promise.allSettled([once(), once()]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(once()).rejects.toMatchObject({ code: "member_limit" });
    await sql`update organizations set plan = 'paid' where id = ${admin.organizationId}`;
    await once();
  });

  test("who was invited on the paid plan finds the door closed when the free one is full", async () => {
    const ben = await person();
    const { token } = await invited(ben.email);
    for (let i = 0; i < 2; i++) await testWorkspace(db, { within: admin });
    await sql`update organizations set plan = 'free' where id = ${admin.organizationId}`;
    await expect(acceptInvitation(ben, token)).rejects.toMatchObject({ code: "member_limit" });
    await expect(accessTo(ben, admin.workspaceId)).rejects.toMatchObject(problem("not_found"));
  });
});

describe("a person without an account", () => {
  test("T-3-CLICK: opens one through the invitation, confirmed and with the terms agreed to", async () => {
    const email = newEmail();
    const { token } = await invited(email);
    expect(await invitationBehind(visitor, token)).toMatchObject({ email, hasAccount: false, organization: "Test" });
    const { userId, organizationId } = await join(token);
    expect(organizationId).toBe(admin.organizationId);
    const [user] =
      await sql`select name, password_hash, email_verified_at is not null as confirmed from users where id = ${userId}`;
    expect(user).toMatchObject({ name: "Ben Ito", confirmed: true });
    expect(await passwordMatches(password, user?.password_hash)).toBe(true);
    const permissions = new Set<Permission>(["account.manage", "account.open"]);
    const ben: Context = { ...admin, actor: { ...admin.actor, id: userId, permissions } as Context["actor"] };
    expect((await accessTo(ben, admin.workspaceId)).roles).toEqual(["member", "dev"]);
    expect(await hasAgreed(ben)).toBe(true);
    const [acceptance] = await sql`select binds from acceptances where user_id = ${userId}`;
    expect(acceptance?.binds).toBe(false);
  });

  test("takes over an account no one confirmed, whose password a stranger may have set, and its links are worth nothing", async () => {
    const stranger = await person();
    await sql`update users set email_verified_at = null, password_hash = 'x' where id = ${idOf(stranger)}`;
    await openSession(visitor, idOf(stranger));
    const { token } = await invited(stranger.email);
    const { userId } = await join(token);
    expect(userId).toBe(idOf(stranger));
    const [user] = await sql`select password_hash from users where id = ${userId}`;
    expect(await passwordMatches(password, user?.password_hash)).toBe(true);
    const live = await sql`select id from sessions where user_id = ${userId} and revoked_at is null`;
    expect(live).toHaveLength(0);
  });

  test("with an account that is confirmed is sent to sign in, and the invitation stays good", async () => {
    const ben = await person();
    const { token } = await invited(ben.email);
    expect(await invitationBehind(visitor, token)).toMatchObject({ hasAccount: true });
    await expect(join(token)).rejects.toMatchObject({ code: "account_exists" });
    expect(await acceptInvitation(ben, token)).toBe(admin.organizationId);
  });

  test("gets nothing when the terms changed meanwhile, and can try again", async () => {
    const email = newEmail();
    const { token } = await invited(email);
    const stale = { token, name: "Ben", password, ...terms, sha256: "0".repeat(64) };
    await expect(joinWithNewAccount(visitor, stale)).rejects.toMatchObject({ code: "terms_changed" });
    expect(await sql`select id from users where email = ${email}`).toHaveLength(0);
    await join(token);
  });

  test("cannot try links without end from one address", async () => {
    const wrong = "x".repeat(43);
    for (let i = 0; i < 50; i++) await expect(join(wrong)).rejects.toMatchObject({ code: "unknown_invitation" });
    await expect(join(wrong)).rejects.toMatchObject(problem("rate_limited"));
  });
});

test("the person who was removed can be invited again, with what the new invitation says", async () => {
  const ben = await person();
  await acceptInvitation(ben, (await invited(ben.email)).token);
  await removeMember(admin, { user: idOf(ben) });
  const again = [{ workspaceId: admin.workspaceId, roles: ["user" as const] }];
  const { token } = await invited(ben.email, { grants: again });
  await acceptInvitation(ben, token);
  expect(await memberOf(admin, idOf(ben))).toMatchObject({ workspaces: [{ own: ["user"], groups: [] }] });
  const permissions = permissionsOf(rolePermissions, (await accessTo(ben, admin.workspaceId)).roles);
  expect(permissions.has("keys.write")).toBe(false);
});
