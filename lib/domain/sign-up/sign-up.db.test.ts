import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants, inOrganization } from "#lib/core/context.ts";
import { foundInput, type SignUpInput } from "#lib/domain/account/input.ts";
import { myAccount } from "#lib/domain/account/queries.ts";
import { deleteOrganization } from "#lib/domain/leaving/organization/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { documentInForce } from "#lib/domain/terms/queries.ts";
import { changeName, foundOrganization, resetPassword, signUp } from "./commands.ts";
import { confirmEmail, resendConfirmation } from "./confirmation/commands.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
const password = "purple otter quietly hums";
let tests = 0;
let visitor: AccountContext;
let terms: { documentId: Id<"document">; sha256: string };

const actor = (permissions: Permission[], user?: { id: Id<"user">; email: string }): Actor =>
  user
    ? { kind: "user", ...user, name: "Ada", sessionId: "ses_test", permissions: new Set(permissions) }
    : { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(permissions) };

beforeAll(async () => {
  const operator: Actor = { kind: "system", id: "test", name: "Test", permissions: new Set(["system.operate"]) };
  await publishDocuments(
    acrossTenants({ db, now: start, actor: operator, origin: { address: "internal", agent: "test" } }),
  );
});

beforeEach(async () => {
  tests += 1;
  // Each test comes from an address of its own, so that one test's tries do not count for another.
  const origin = { address: `198.51.100.${tests}`, agent: "vitest" };
  visitor = acrossTenants({ db, now: start, actor: actor(["account.open"]), origin });
  const { id, sha256 } = await documentInForce(visitor, "terms");
  terms = { documentId: id, sha256 };
});

test("one person founds so many organizations a day, and so many in all, and is told whom to ask", async () => {
  await signUp(visitor, signUpInput("founder@example.com"));
  const [user] = await sql<{ id: Id<"user"> }[]>`select id from users where email = 'founder@example.com'`;
  if (!user) throw new Error("There is no founder.");
  const person = actor(["account.manage", "account.open"], { id: user.id, email: "founder@example.com" });
  let founded = 1;
  for (let day = 0; day < 4; day++) {
    const ctx = { ...visitor, actor: person, now: addMinutes(start, day * 24 * 60 + day) };
    for (let n = 0; n < 6; n++) {
      const made = foundOrganization(ctx, { organization: `Another ${day} ${n}`, agree: "on", ...terms });
      founded += await made.then(
        () => 1,
        (error: unknown) => {
          expect(error).toMatchObject({ problem: "limit_reached", message: expect.stringContaining("write to") });
          return 0;
        },
      );
    }
    expect(founded).toBe(Math.min(10, 1 + (day + 1) * 5));
  }
});

test("organizations that were deleted count among the foundings of thirty days, and no longer", async () => {
  await signUp(visitor, signUpInput("serial@example.com"));
  const [user] = await sql<{ id: Id<"user"> }[]>`select id from users where email = 'serial@example.com'`;
  if (!user) throw new Error("There is no founder.");
  const person = actor(["account.manage", "account.open"], { id: user.id, email: "serial@example.com" });
  const tenant = tenantDb({ userId: user.id });
  const on = (day: number) => ({ ...visitor, db: tenant, actor: person, now: addMinutes(start, day * 24 * 60) });
  const foundOn = (day: number) => foundOrganization(on(day), { organization: `Day ${day}`, agree: "on", ...terms });
  const deletions: Record<string, unknown>[] = [];
  for (let day = 2; day <= 10; day++) {
    const { organizationId } = await foundOn(day);
    const admin = actor(["organization.read", "organization.write"], { id: user.id, email: "serial@example.com" });
    const inside = { ...inOrganization(on(day), organizationId), db: tenantDb({ organizationId }), actor: admin };
    deletions.push(await deleteOrganization(inside, { name: `Day ${day}` }));
  }
  expect(deletions).toHaveLength(9);
  const [standing] = await sql`select count(*)::int from members where user_id = ${user.id}`;
  expect(standing?.count).toBe(1);
  await expect(foundOn(12)).rejects.toMatchObject({ problem: "limit_reached", code: "too_many_organizations" });
  await expect(foundOn(29)).rejects.toMatchObject({ problem: "limit_reached" });
  await foundOn(30);
  await expect(foundOn(31)).rejects.toMatchObject({ problem: "limit_reached" });
  const [one, other] = await Promise.allSettled([foundOn(32), foundOn(32)]);
  expect([one.status, other.status].sort()).toEqual(["fulfilled", "rejected"]);
}, 60_000);

const signUpInput = (email: string): SignUpInput => ({
  name: "Ada",
  email,
  password,
  organization: "Engines",
  agree: "on",
  ...terms,
});
const newEmail = () => `ada-${tests}-${Math.random().toString(36).slice(2)}@example.com`;
const lettersTo = (email: string) =>
  sql`select kind, text, clause from letters where recipient = ${email} order by xmin::text::bigint`;
const userOf = async (email: string) => {
  const [user] = await sql`select * from users where email = ${email}`;
  return user;
};

async function tokenTo(email: string): Promise<string> {
  const letters = await lettersTo(email);
  return /token=([\w-]+)/.exec(letters.at(-1)?.text)?.[1] ?? "";
}

async function confirmed(): Promise<{ email: string; id: Id<"user"> }> {
  const email = newEmail();
  await signUp(visitor, signUpInput(email));
  return { email, id: (await confirmEmail(visitor, { token: await tokenTo(email) })).userId };
}

describe("signing up", () => {
  test("contract 7, T-2-PREC: who signs up says whether it is for a business or private, and the sign-up that is confirmed decides", async () => {
    const email = newEmail();
    const typeOf = async () => {
      const [row] = await sql`select name, customer_type from organizations
        where created_by = (select id from users where email = ${email})`;
      return [row?.name, row?.customer_type];
    };
    const devices = [newId("device", new Date()), newId("device", new Date())] as const;
    await signUp(visitor, { ...signUpInput(email), customerType: "business" }, devices[0]);
    expect(await typeOf()).toEqual(["Engines", "business"]);
    await signUp(visitor, { ...signUpInput(email), customerType: "consumer" }, devices[1]);
    expect(await typeOf()).toEqual(["Engines", "business"]);
    await confirmEmail(visitor, { token: await tokenTo(email) }, devices[1]);
    expect(await typeOf()).toEqual(["Engines", "consumer"]);
    expect(() => foundInput.parse({ organization: "X", agree: "on", ...terms, customerType: "state" })).toThrow(
      "business",
    );
  });

  test("T-3-CLICK T-5.1: makes user, organization on the free plan, workspace, roles, acceptance, letter and audit rows", async () => {
    const email = newEmail();
    await signUp(visitor, signUpInput(email));
    const user = await userOf(email);
    expect(user?.password_hash).toMatch(/^scrypt\$/);
    const [organization] = await sql`select * from organizations where created_by = ${user?.id}`;
    expect(organization).toMatchObject({ name: "Engines", plan: "free", registration_email: email });
    const [workspace] = await sql`select * from workspaces where organization_id = ${organization?.id}`;
    expect(workspace).toMatchObject({ name: "Default", is_default: true });
    const [member] = await sql`select roles from members where user_id = ${user?.id}`;
    const [workspaceMember] = await sql`select roles from workspace_members where user_id = ${user?.id}`;
    expect([member?.roles, workspaceMember?.roles]).toEqual([["organization_admin"], ["workspace_admin"]]);
    const [acceptance] = await sql`select * from acceptances where user_id = ${user?.id}`;
    expect(acceptance).toMatchObject({
      method: "click",
      version: 1,
      sha256: terms.sha256,
      binds: true,
      agent: "vitest",
    });
    expect([acceptance?.address, new Date(acceptance?.accepted_at)]).toEqual([visitor.origin.address, start]);
    const audit =
      await sql`select action, actor_id, clause from audit_events where organization_id = ${organization?.id} order by id`;
    expect(audit.map((row) => [row.action, row.actor_id, row.clause]).sort()).toEqual([
      ["organization.create", user?.id, "T-5.1"],
      ["terms.accept", user?.id, "T-3-CLICK"],
    ]);
    expect((await lettersTo(email)).map((letter) => letter.kind)).toEqual(["account.confirm-email"]);
  });

  test("T-3-CLICK: a click on terms that changed meanwhile makes nothing at all", async () => {
    const email = newEmail();
    const stale = { ...signUpInput(email), sha256: "0".repeat(64) };
    await expect(signUp(visitor, stale)).rejects.toMatchObject({ problem: "conflict", code: "terms_changed" });
    expect(await userOf(email)).toBeUndefined();
    expect(await lettersTo(email)).toHaveLength(0);
  });

  test("an address that has an account is not revealed: same answer, and its owner gets a letter", async () => {
    const { email, id } = await confirmed();
    const [before] = await sql`select * from users where id = ${id}`;
    expect(await signUp(visitor, { ...signUpInput(email.toUpperCase()), name: "Mallory" })).toBeUndefined();
    expect(await sql`select * from users where id = ${id}`).toEqual([before]);
    const kinds = (await lettersTo(email)).map((letter) => letter.kind);
    expect(kinds).toEqual(["account.confirm-email", "account.already-registered"]);
    expect(await sql`select id from organizations where created_by = ${id}`).toHaveLength(1);
  });

  test("T-3-CLICK: stale terms are refused for an address that has an account just as for a new one", async () => {
    const { email } = await confirmed();
    const stale = { ...signUpInput(email), sha256: "0".repeat(64) };
    await expect(signUp(visitor, stale)).rejects.toMatchObject({ code: "terms_changed" });
    expect(await lettersTo(email)).toHaveLength(1);
  });

  test("two sign-ups with one address at the same instant make one account", async () => {
    const email = newEmail();
    await Promise.all([signUp(visitor, signUpInput(email)), signUp(visitor, signUpInput(email))]);
    expect(await sql`select id from users where email = ${email}`).toHaveLength(1);
  });

  test("an actor without the permission is refused", async () => {
    const nobody = { ...visitor, actor: actor([]) };
    await expect(signUp(nobody, signUpInput(newEmail()))).rejects.toMatchObject({ problem: "unauthenticated" });
    await expect(changeName(visitor, { name: "Eve" })).rejects.toMatchObject({ problem: "unauthenticated" });
    await expect(myAccount(visitor)).rejects.toMatchObject({ problem: "unauthenticated" });
  });

  test("a person with an account and no organization founds one, with the click that binds it", async () => {
    const { id, email } = await confirmed();
    const ctx = { ...visitor, actor: actor(["account.open", "account.manage"], { id, email }) };
    const { organizationId } = await foundOrganization(ctx, { organization: "Second", agree: "on", ...terms });
    const [acceptance] = await sql`select binds from acceptances where organization_id = ${organizationId}`;
    expect(acceptance?.binds).toBe(true);
  });
});

describe("the letter that confirms an address", () => {
  test("works once, and of two browsers that open it at once one gets in", async () => {
    const email = newEmail();
    await signUp(visitor, signUpInput(email));
    const token = await tokenTo(email);
    const tries = await Promise.allSettled([1, 2, 3].map(() => confirmEmail(visitor, { token })));
    expect(tries.map((attempt) => attempt.status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(confirmEmail(visitor, { token })).rejects.toMatchObject({ problem: "invalid" });
  });

  test("works for 24 hours and not a moment longer", async () => {
    const [first, second] = [newEmail(), newEmail()];
    for (const email of [first, second]) await signUp(visitor, signUpInput(email));
    const late = { ...visitor, now: addMinutes(start, 24 * 60) };
    await expect(confirmEmail(late, { token: await tokenTo(first) })).rejects.toMatchObject({ problem: "invalid" });
    const early = { ...visitor, now: new Date(late.now.getTime() - 1) };
    expect((await confirmEmail(early, { token: await tokenTo(second) })).userId).toMatch(/^usr_/);
  });

  test("does not open the page for a new password, nor the other way round", async () => {
    const email = newEmail();
    await signUp(visitor, signUpInput(email));
    const token = await tokenTo(email);
    await expect(resetPassword(visitor, { token, password })).rejects.toMatchObject({ problem: "invalid" });
  });

  test("is sent again on request, five times an hour, and to no one who does not wait for it", async () => {
    const email = newEmail();
    await signUp(visitor, signUpInput(email));
    for (let i = 0; i < 7; i++) await resendConfirmation(visitor, email);
    // The sign-up's own try counts too.
    expect(await lettersTo(email)).toHaveLength(1 + 4);
    await resendConfirmation(visitor, "nobody@example.com");
    expect(await lettersTo("nobody@example.com")).toHaveLength(0);
  });
});
