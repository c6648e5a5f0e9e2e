import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { hashPassword, passwordMatches } from "#lib/core/password.ts";
import { userOfIdentity } from "#lib/domain/account/identities/commands.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { checkPassword, requestReset, resetPassword, signUp } from "#lib/domain/sign-up/commands.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { documentInForce } from "#lib/domain/terms/queries.ts";
import { confirmEmail, resendConfirmation } from "./commands.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
let tests = 0;
let visitor: AccountContext;
let operator: AccountContext;
let terms: { documentId: Id<"document">; sha256: string };

type Who = "owner" | "stranger";
const passwords: Record<Who, string> = { owner: "purple otter quietly hums", stranger: "a stranger wrote this one" };
const browsers: Record<Who, Id<"device">> = { owner: newId("device", start), stranger: newId("device", start) };

const anonymous: Actor = {
  kind: "anonymous",
  id: "anonymous",
  name: "Visitor",
  permissions: new Set(["account.open"]),
};
const system: Actor = {
  kind: "system",
  id: "test",
  name: "Test",
  permissions: new Set(["system.operate", "account.open"]),
};

beforeAll(async () => {
  const origin = { address: "internal", agent: "test" };
  operator = acrossTenants({ db, now: start, actor: system, origin });
  await publishDocuments(operator);
});

beforeEach(async () => {
  newAddress();
  const { id, sha256 } = await documentInForce(visitor, "terms");
  terms = { documentId: id, sha256 };
});

/** Tries of one example do not count for another. */
function newAddress() {
  tests += 1;
  const origin = { address: `198.51.${tests >> 8}.${tests % 256}`, agent: "vitest" };
  visitor = acrossTenants({ db, now: start, actor: anonymous, origin });
}

const newEmail = () => `ada-${tests}-${Math.random().toString(36).slice(2)}@example.com`;
const signUpAs = (who: Who, email: string) =>
  signUp(
    visitor,
    { name: who, email, password: passwords[who], organization: `${who}'s`, agree: "on", ...terms },
    browsers[who],
  );

async function tokensTo(email: string): Promise<string[]> {
  const letters = await sql`select text from letters where recipient = ${email} order by xmin::text::bigint`;
  return letters.flatMap(({ text }) => /token=([\w-]+)/.exec(text)?.[1] ?? []);
}

async function opens(email: string, who: Who): Promise<boolean> {
  const [user] = await sql`select password_hash from users where email = ${email}`;
  return passwordMatches(passwords[who], user?.password_hash);
}

const steps = {
  "the stranger signs up": (email: string) => signUpAs("stranger", email),
  "the owner signs up": (email: string) => signUpAs("owner", email),
  "the stranger asks for the letter again": (email: string) => resendConfirmation(visitor, email, browsers.stranger),
  "the owner asks for the letter again": (email: string) => resendConfirmation(visitor, email, browsers.owner),
  "anyone asks for the letter again": (email: string) => resendConfirmation(visitor, email),
  "the stranger tries to sign in": (email: string) =>
    checkPassword(visitor, { email, password: passwords.stranger }, browsers.stranger).catch(() => {}),
  "the owner tries to sign in": (email: string) =>
    checkPassword(visitor, { email, password: passwords.owner }, browsers.owner).catch(() => {}),
};
type Step = keyof typeof steps;
const anyStep = fc.constantFrom(...(Object.keys(steps) as Step[]));

describe("an address that a stranger signed up too", () => {
  test("in whatever order and by whichever letter it is confirmed, the stranger's password opens nothing", async () => {
    const order = fc.tuple(
      fc.shuffledSubarray<Step>(["the stranger signs up", "the owner signs up"], { minLength: 2 }),
      fc.array(anyStep, { maxLength: 2 }),
      fc.nat({ max: 9 }),
      fc.constantFrom<Id<"device"> | undefined>(browsers.owner, undefined),
    );
    await fc.assert(
      fc.asyncProperty(order, async ([signUps, more, letter, browser]) => {
        newAddress();
        const email = newEmail();
        for (const step of [...signUps, ...more]) await steps[step](email);
        const letters = await tokensTo(email);
        const { resetToken } = await confirmEmail(visitor, letters[letter % letters.length] ?? "", browser);
        expect(await opens(email, "stranger")).toBe(false);
        expect((await opens(email, "owner")) || resetToken !== null).toBe(true);
      }),
      { numRuns: 8, examples: [[[["the stranger signs up", "the owner signs up"], [], 1, browsers.owner]]] },
    );
  }, 120_000);

  test("the owner's own letter in the owner's own browser keeps the owner's password, name and organization", async () => {
    const email = newEmail();
    await signUpAs("stranger", email);
    await signUpAs("owner", email);
    await resendConfirmation(visitor, email, browsers.owner);
    const { userId, resetToken } = await confirmEmail(visitor, (await tokensTo(email)).at(-1) ?? "", browsers.owner);
    expect([await opens(email, "owner"), await opens(email, "stranger"), resetToken]).toEqual([true, false, null]);
    const [organization] = await sql`select name from organizations where created_by = ${userId}`;
    const [user] = await sql`select name from users where id = ${userId}`;
    expect([organization?.name, user?.name]).toEqual(["owner's", "owner"]);
  });

  test("where no password can be trusted, the letter leads to a new one, once", async () => {
    const email = newEmail();
    await signUpAs("owner", email);
    await signUpAs("stranger", email);
    const { userId, resetToken } = await confirmEmail(visitor, (await tokensTo(email)).at(-1) ?? "");
    const chosen = "an entirely different sentence";
    await resetPassword(visitor, { token: resetToken ?? "", password: chosen });
    expect(await checkPassword(visitor, { email, password: chosen })).toBe(userId);
  });

  test("no password comes back because the letters of the others are long forgotten", async () => {
    const email = newEmail();
    await signUpAs("stranger", email);
    await signUpAs("owner", email);
    await sql`delete from tokens where user_id = (select id from users where email = ${email})`;
    await resendConfirmation(visitor, email, browsers.owner);
    const { resetToken } = await confirmEmail(visitor, (await tokensTo(email)).at(-1) ?? "", browsers.owner);
    expect([await opens(email, "stranger"), resetToken !== null]).toEqual([false, true]);
  });

  test("one sign-up alone keeps its password on whatever device its letter is opened", async () => {
    const email = newEmail();
    await signUpAs("owner", email);
    await resendConfirmation(visitor, email);
    const { resetToken } = await confirmEmail(visitor, (await tokensTo(email)).at(-1) ?? "");
    expect([await opens(email, "owner"), resetToken]).toEqual([true, null]);
  });
});

describe("every proof of an address", () => {
  const proofs: Record<string, (email: string) => Promise<unknown>> = {
    "the letter to confirm": async (email) => {
      await signUpAs("owner", email);
      await confirmEmail(visitor, (await tokensTo(email)).at(-1) ?? "", browsers.owner);
    },
    "a new password by letter": async (email) => {
      await requestReset(visitor, email);
      await resetPassword(visitor, { token: (await tokensTo(email)).at(-1) ?? "", password: passwords.owner });
    },
    "the identity provider": (email) =>
      userOfIdentity(
        visitor,
        { issuer: "https://id.example", subject: email, email, emailVerified: true, name: null },
        "SSO",
      ),
    "the operator": (email) => provisionUser(operator, email),
  };

  test.each(Object.keys(proofs))("%s ends every way in that was made before it", async (proof) => {
    const email = newEmail();
    await signUpAs("stranger", email);
    const [user] = await sql`select id from users where email = ${email}`;
    const userId = user?.id;
    const session = await openSession(visitor, userId, { deviceId: browsers.stranger });
    await sql`insert into identities (issuer, subject, user_id, created_at) values ('https://old.example', ${email}, ${userId}, ${start})`;
    await sql`insert into authenticators (id, user_id, name, secret, last_step, created_at)
      values (${newId("authenticator", start)}, ${userId}, 'Telephone', ${Buffer.from("x")}, 0, ${start})`;
    await sql`insert into recovery_codes (user_id, hash, created_at) values (${userId}, 'x', ${start})`;
    await sql`insert into pending_sign_ins (hash, user_id, next, created_at, expires_at)
      values (${await hashPassword(email)}, ${userId}, '/', ${start}, ${new Date("2026-11-24")})`;
    const before = await tokensTo(email);
    await proofs[proof]?.(email);
    expect(await opens(email, "stranger")).toBe(false);
    const [left] = await sql`select
      (select count(*)::int from authenticators where user_id = ${userId}) as apps,
      (select count(*)::int from recovery_codes where user_id = ${userId}) as codes,
      (select count(*)::int from pending_sign_ins where user_id = ${userId}) as pending,
      (select count(*)::int from identities where user_id = ${userId} and issuer = 'https://old.example') as links,
      (select count(*)::int from sessions where id = ${session} and revoked_at is null) as sessions`;
    expect(left).toEqual({ apps: 0, codes: 0, pending: 0, links: 0, sessions: 0 });
    for (const token of before)
      await expect(confirmEmail(visitor, token)).rejects.toMatchObject({ problem: "invalid" });
  });
});
