import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { hashPassword, passwordMatches } from "#lib/core/password.ts";
import { attemptLimits } from "#lib/domain/account/attempts/rules.ts";
import { userOfIdentity } from "#lib/domain/account/identities/commands.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { checkPassword, requestReset, resetPassword, signUp } from "#lib/domain/sign-up/commands.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { documentInForce } from "#lib/domain/terms/queries.ts";
import { confirmEmail, resendConfirmation } from "./commands.ts";
import { confirmationAsks } from "./queries.ts";

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

const letterTo = async (email: string, number = -1): Promise<string> => (await tokensTo(email)).at(number) ?? "";

async function outcomeOf(email: string, number: number, browser?: Id<"device">, password?: string): Promise<string> {
  const letters = await tokensTo(email);
  const token = letters[number % letters.length] ?? "";
  const confirming = confirmEmail(visitor, { token, ...(password && { password }) }, browser);
  return confirming.then(
    ({ resetToken }) => (resetToken ? "a new password" : "the owner's password"),
    () => "a wrong password",
  );
}

const whoElse = (password?: string): RegExp => (password ? /^(the owner's|a wrong) password$/ : /^a new password$/);

const alone = { first: "the stranger signs up" as const, more: [], number: 0 };
const both = { ...alone, more: ["the owner signs up" as const], number: 1 };

describe("an address that a stranger signed up", () => {
  test("in whatever order it is confirmed, a password lives on only with the one who shows that they chose it", async () => {
    const order = fc.record({
      first: fc.constantFrom<Step>("the stranger signs up", "the owner signs up"),
      more: fc.array(anyStep, { maxLength: 3 }),
      number: fc.nat({ max: 9 }),
      browser: fc.constantFrom<Id<"device"> | undefined>(browsers.owner, newId("device", start), undefined),
      password: fc.constantFrom(passwords.owner, undefined),
    });
    await fc.assert(
      fc.asyncProperty(order, async ({ first, more, number, browser, password }) => {
        newAddress();
        const email = newEmail();
        for (const step of [first, ...more]) await steps[step](email);
        const outcome = await outcomeOf(email, number, browser, password);
        const isOwnBrowser = browser === browsers.owner && [first, ...more].includes("the owner signs up");
        expect(outcome).toMatch(isOwnBrowser ? /^the owner's/ : whoElse(password));
        expect(await opens(email, "owner")).toBe(outcome === "the owner's password");
        const stranger = checkPassword(visitor, { email, password: passwords.stranger }, browsers.stranger);
        const refused = outcome === "a wrong password" ? /invalid|forbidden/ : /invalid/;
        await expect(stranger).rejects.toMatchObject({ problem: expect.stringMatching(refused) });
      }),
      {
        numRuns: 6,
        examples: [
          [{ ...alone, browser: undefined, password: undefined }],
          [{ ...both, browser: browsers.owner, password: undefined }],
          [{ ...both, browser: undefined, password: passwords.owner }],
        ],
      },
    );
  }, 120_000);

  test("who never signed up and confirms chooses the first password of the account, and the stranger's opens nothing", async () => {
    const email = newEmail();
    await signUpAs("stranger", email);
    const { userId, resetToken } = await confirmEmail(visitor, { token: await letterTo(email) }, browsers.owner);
    const stranger = () => checkPassword(visitor, { email, password: passwords.stranger }, browsers.stranger);
    await expect(stranger()).rejects.toMatchObject({ code: "wrong_password" });
    await resetPassword(visitor, { token: resetToken ?? "", password: passwords.owner });
    await expect(stranger()).rejects.toMatchObject({ code: "wrong_password" });
    expect(await checkPassword(visitor, { email, password: passwords.owner })).toBe(userId);
  });

  test("a wrong password there uses up no letter and tells nothing, and is limited as signing in is", async () => {
    const email = newEmail();
    await signUpAs("owner", email);
    const token = await letterTo(email);
    const guess = (password: string) => confirmEmail(visitor, { token, password }, browsers.stranger);
    for (let tries = 0; tries < attemptLimits["sign-in:account"].max; tries++)
      await expect(guess(`a wrong sentence ${tries}`)).rejects.toMatchObject({
        fields: { password: [expect.anything()] },
      });
    await expect(guess(passwords.owner)).rejects.toMatchObject({ problem: "rate_limited" });
    const signIn = checkPassword(visitor, { email, password: passwords.owner }, browsers.stranger);
    await expect(signIn).rejects.toMatchObject({ problem: "rate_limited" });
    expect((await confirmEmail(visitor, { token }, browsers.owner)).resetToken).toBe(null);
  });

  test("who types the password right at the sign-in of another browser is asked for it once, not again by the letter", async () => {
    const email = newEmail();
    const other = newId("device", start);
    await signUpAs("owner", email);
    const signIn = checkPassword(visitor, { email, password: passwords.owner }, other);
    await expect(signIn).rejects.toMatchObject({ code: "unconfirmed" });
    const token = await letterTo(email);
    expect(await confirmationAsks(visitor, token, other)).toBe("nothing");
    expect((await confirmEmail(visitor, { token }, other)).resetToken).toBe(null);
    expect([await opens(email, "owner"), await opens(email, "stranger")]).toEqual([true, false]);
  });

  test("what a letter asks for before it confirms depends on the browser, and no link that is void tells", async () => {
    const email = newEmail();
    await signUpAs("owner", email);
    const token = await letterTo(email);
    const asked = async () => [
      await confirmationAsks(visitor, token, browsers.owner),
      await confirmationAsks(visitor, token, browsers.stranger),
      await confirmationAsks(visitor, token, undefined),
    ];
    expect(await asked()).toEqual(["nothing", "password", "password"]);
    await signUpAs("stranger", email);
    await resendConfirmation(visitor, email);
    expect(await confirmationAsks(visitor, await letterTo(email), undefined)).toBe("new password");
    await confirmEmail(visitor, { token }, browsers.owner);
    expect(await asked()).toEqual(["nothing", "nothing", "nothing"]);
    expect(await confirmationAsks(visitor, "no such token", undefined)).toBe("nothing");
  });

  test("the owner's own letter in the owner's own browser keeps the owner's password, name and organization", async () => {
    const email = newEmail();
    await signUpAs("stranger", email);
    await signUpAs("owner", email);
    await resendConfirmation(visitor, email, browsers.owner);
    const { userId, resetToken } = await confirmEmail(visitor, { token: await letterTo(email) }, browsers.owner);
    expect([await opens(email, "owner"), await opens(email, "stranger"), resetToken]).toEqual([true, false, null]);
    const [organization] = await sql`select name from organizations where created_by = ${userId}`;
    const [user] = await sql`select name from users where id = ${userId}`;
    expect([organization?.name, user?.name]).toEqual(["owner's", "owner"]);
  });

  test("where no password can be trusted, the letter leads to a new one, once", async () => {
    const email = newEmail();
    await signUpAs("owner", email);
    await signUpAs("stranger", email);
    const { userId, resetToken } = await confirmEmail(visitor, { token: await letterTo(email) });
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
    const { resetToken } = await confirmEmail(visitor, { token: await letterTo(email) }, browsers.owner);
    expect([await opens(email, "stranger"), resetToken !== null]).toEqual([false, true]);
  });

  test.each(["the browser", "the password"])(
    "%s of the sign-up keeps its password, by whichever letter",
    async (shown) => {
      const email = newEmail();
      await signUpAs("owner", email);
      await resendConfirmation(visitor, email);
      const token = await letterTo(email);
      const own = shown === "the browser";
      const { resetToken } = own
        ? await confirmEmail(visitor, { token }, browsers.owner)
        : await confirmEmail(visitor, { token, password: passwords.owner }, browsers.stranger);
      expect([await opens(email, "owner"), resetToken]).toEqual([true, null]);
    },
  );
});

describe("every proof of an address", () => {
  const proofs: Record<string, (email: string) => Promise<unknown>> = {
    "the letter to confirm": async (email) => {
      await signUpAs("owner", email);
      await confirmEmail(visitor, { token: await letterTo(email) }, browsers.owner);
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
      await expect(confirmEmail(visitor, { token })).rejects.toMatchObject({ problem: "invalid" });
  });
});
