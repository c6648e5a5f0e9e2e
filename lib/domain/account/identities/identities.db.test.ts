import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { Profile } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { liveSession } from "#lib/domain/account/sessions/queries.ts";
import { userOfIdentity } from "./commands.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
const ctx: AccountContext = acrossTenants({
  db,
  now: start,
  actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set<Permission>(["account.open"]) },
  origin: { address: "198.51.100.1", agent: "vitest" },
});

const profile = (subject: string, email: string, more: Partial<Profile> = {}): Profile => ({
  issuer: "https://id.example",
  subject,
  email,
  emailVerified: true,
  name: "Ada",
  ...more,
});

async function account(email: string, confirmedAt: Date | null): Promise<string> {
  const id = newId("user", start);
  await sql`insert into users (id, email, name, password_hash, email_verified_at, created_at)
    values (${id}, ${email}, 'Ada', 'scrypt$x', ${confirmedAt}, ${start})`;
  return id;
}

test("a new person gets an account, and the same one at every later sign-in, even under another address", async () => {
  const id = await userOfIdentity(ctx, profile("s1", "new@example.com"), "Acme");
  expect(await userOfIdentity(ctx, profile("s1", "renamed@example.com", { emailVerified: false }), "Acme")).toBe(id);
  const [user] =
    await sql`select email, password_hash, email_verified_at is not null as confirmed from users where id = ${id}`;
  expect(user).toEqual({ email: "new@example.com", password_hash: null, confirmed: true });
});

test("an address the provider did not confirm opens no one's account and makes none", async () => {
  await account("victim@example.com", start);
  for (const email of ["victim@example.com", "fresh@example.com"]) {
    const claimed = profile(`s-${email}`, email, { emailVerified: false });
    await expect(userOfIdentity(ctx, claimed, "Acme")).rejects.toMatchObject({ code: "unconfirmed_identity" });
  }
  expect(await sql`select 1 from identities where subject like 's-%'`).toHaveLength(0);
});

test("a confirmed address is linked to its account, whose owner is told", async () => {
  const id = await account("owner@example.com", start);
  expect(await userOfIdentity(ctx, profile("s2", "Owner@Example.com"), "Acme")).toBe(id);
  const [user] = await sql`select password_hash from users where id = ${id}`;
  expect(user?.password_hash).toBe("scrypt$x");
  const letters = await sql`select kind from letters where recipient = 'owner@example.com'`;
  expect(letters.map((letter) => letter.kind)).toEqual(["account.identity-linked"]);
});

test("an account no one confirmed loses the password and sessions of the person who opened it", async () => {
  const id = await account("squatted@example.com", null);
  const session = await openSession(ctx, id as `usr_${string}`);
  expect(await userOfIdentity(ctx, profile("s3", "squatted@example.com"), "Acme")).toBe(id);
  const [user] =
    await sql`select password_hash, email_verified_at is not null as confirmed from users where id = ${id}`;
  expect(user).toEqual({ password_hash: null, confirmed: true });
  expect(await liveSession(ctx, session)).toBeNull();
});

test("the same subject at another issuer is another person", async () => {
  const here = await userOfIdentity(ctx, profile("same", "here@example.com"), "Acme");
  const there = profile("same", "there@example.com", { issuer: "https://other.example" });
  expect(await userOfIdentity(ctx, there, "Other")).not.toBe(here);
});

test("an actor without the permission is refused", async () => {
  const nobody = { ...ctx, actor: { ...ctx.actor, permissions: new Set<Permission>() } };
  await expect(userOfIdentity(nobody, profile("s9", "x@example.com"), "Acme")).rejects.toMatchObject({
    problem: "unauthenticated",
  });
});
