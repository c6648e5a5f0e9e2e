import { beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { hashPassword } from "#lib/core/password.ts";
import {
  changeName,
  changePassword,
  checkPassword,
  requestReset,
  resetPassword,
} from "#lib/domain/sign-up/commands.ts";
import { countAttempt } from "./attempts/commands.ts";
import { attemptLimits } from "./attempts/rules.ts";
import { myAccount } from "./queries.ts";
import { openSession } from "./sessions/commands.ts";
import { liveSession } from "./sessions/queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
const password = "purple otter quietly hums";
const passwordHash = await hashPassword(password);
let tests = 0;
let visitor: AccountContext;

beforeEach(() => {
  tests += 1;
  // Each test comes from an address of its own, so that one test's tries do not count for another.
  const actor: Actor = { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"]) };
  visitor = acrossTenants({ db, now: start, actor, origin: { address: `198.51.100.${tests}`, agent: "vitest" } });
});

const newEmail = () => `ada-${tests}-${Math.random().toString(36).slice(2)}@example.com`;
const lettersTo = (email: string) =>
  sql`select kind, text from letters where recipient = ${email} order by xmin::text::bigint`;
const userOf = async (email: string) => (await sql`select * from users where email = ${email}`)[0];

async function account({
  confirmedAt = start,
  hash = passwordHash,
}: {
  confirmedAt?: Date | null;
  hash?: string | null;
} = {}) {
  const [id, email] = [newId("user", start), newEmail()];
  await sql`insert into users (id, email, name, password_hash, email_verified_at, created_at)
    values (${id}, ${email}, 'Ada', ${hash}, ${confirmedAt}, ${start})`;
  return { id, email };
}

function signedIn(
  { id, email }: { id: Id<"user">; email: string },
  sessionId: Id<"session"> = "ses_test",
): AccountContext {
  const permissions = new Set(["account.open", "account.manage"] as const);
  return { ...visitor, actor: { kind: "user", id, email, name: "Ada", sessionId, permissions } };
}

async function tokenTo(email: string): Promise<string> {
  return /token=([\w-]+)/.exec((await lettersTo(email)).at(-1)?.text)?.[1] ?? "";
}

describe("signing in", () => {
  test("with the right password says who it is; wrong, unknown and without a password say the same", async () => {
    const { email, id } = await account();
    expect(await checkPassword(visitor, { email, password })).toBe(id);
    const { email: provided } = await account({ hash: null });
    const answers = await Promise.all(
      [email, provided, "nobody@example.com"].map((email) =>
        checkPassword(visitor, { email, password: "something else" }).catch(({ problem, code, message }) => ({
          problem,
          code,
          message,
        })),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: "wrong_password" });
  });

  test("before the address is confirmed is refused, and only the right password learns why", async () => {
    const { email } = await account({ confirmedAt: null });
    await expect(checkPassword(visitor, { email, password: "wrong" })).rejects.toMatchObject({
      code: "wrong_password",
    });
    await expect(checkPassword(visitor, { email, password })).rejects.toMatchObject({ code: "unconfirmed" });
    expect(await lettersTo(email)).toMatchObject([{ kind: "account.confirm-email" }]);
  });

  test("twenty wrong tries at the same instant count twenty: ten are looked at, and then not even the right one", async () => {
    const { email } = await account();
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        checkPassword({ ...visitor, origin: { address: `203.0.113.${i}`, agent: "" } }, { email, password: "wrong" }),
      ),
    );
    const problems = tries.map((attempt) => (attempt.status === "rejected" ? attempt.reason.problem : "in"));
    expect(problems.filter((problem) => problem === "invalid")).toHaveLength(10);
    expect(problems.filter((problem) => problem === "rate_limited")).toHaveLength(10);
    await expect(checkPassword(visitor, { email, password })).rejects.toMatchObject({ problem: "rate_limited" });
    const later = { ...visitor, now: addMinutes(start, 15) };
    expect(await checkPassword(later, { email, password })).toMatch(/^usr_/);
  });

  test("the person who gets in starts counting anew, and only for that account", async () => {
    const { email } = await account();
    const wrong = { email, password: "wrong" };
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 9; i++)
        await expect(checkPassword(visitor, wrong)).rejects.toMatchObject({ problem: "invalid" });
      expect(await checkPassword(visitor, { email, password })).toMatch(/^usr_/);
    }
    // The address has used up its fifty all the same: 20 so far, 30 more.
    for (let i = 0; i < 30; i++)
      await checkPassword(visitor, { email: `other${i}@example.com`, password: "x" }).catch(() => {});
    await expect(checkPassword(visitor, { email, password })).rejects.toMatchObject({ problem: "rate_limited" });
  });

  test("a stranger's wrong tries lock out strangers, not a browser the owner was in before, which has a count of its own", async () => {
    const { email, id } = await account();
    const [known, strange] = [newId("device", start), newId("device", start)];
    await openSession(visitor, id, { deviceId: known });
    const limit = attemptLimits["sign-in:account"].max;
    for (let n = 0; n < limit; n++) await countAttempt(visitor, "sign-in:account", email);
    const signIn = (given: string, device?: Id<"device">) => checkPassword(visitor, { email, password: given }, device);
    await expect(signIn(password)).rejects.toMatchObject({ problem: "rate_limited" });
    await expect(signIn(password, strange)).rejects.toMatchObject({ problem: "rate_limited" });
    expect(await signIn(password, known)).toBe(id);
    await expect(signIn(password)).rejects.toMatchObject({ problem: "rate_limited" });
    for (let n = 0; n < limit; n++) await countAttempt(visitor, "sign-in:device", `${email}:${known}`);
    await expect(signIn(password, known)).rejects.toMatchObject({ problem: "rate_limited" });
  });

  test("an unknown account is limited like a known one", async () => {
    const unknown = newEmail();
    const problems = [];
    for (let i = 0; i < 11; i++) {
      problems.push(
        await checkPassword(visitor, { email: unknown, password: "wrong" }).catch((error) => error.problem),
      );
    }
    expect(problems.at(9)).toBe("invalid");
    expect(problems.at(10)).toBe("rate_limited");
  });

  test("fifty tries from one address, the person who they name, are enough", async () => {
    const origin = { address: "2001:db8:1:2::1", agent: "" };
    const sameBlock = { address: "2001:db8:1:2:ffff::9", agent: "" };
    await sql`delete from attempts`;
    const problems = await Promise.all(
      Array.from({ length: 52 }, (_, i) =>
        checkPassword(
          { ...visitor, origin: i % 2 ? origin : sameBlock },
          { email: `n${i}@example.com`, password: "x" },
        ).catch((error) => error.problem),
      ),
    );
    expect(problems.filter((problem) => problem === "rate_limited")).toHaveLength(2);
  });

  test("what was typed as an address is not kept readable", async () => {
    await checkPassword(visitor, { email: "my-password-typed-here", password: "x" }).catch(() => {});
    const [{ found } = { found: null }] =
      await sql`select count(*)::int as found from attempts where subject like '%typed%'`;
    expect(found).toBe(0);
  });

  test("a hash of a former cost is made anew", async () => {
    const { email, id } = await account();
    const { scryptSync } = await import("node:crypto");
    const salt = Buffer.alloc(16, 5);
    const key = scryptSync(password, salt, 32, { N: 2 ** 14, r: 8, p: 1 });
    await sql`update users set password_hash = ${`scrypt$16384$8$1$${salt.toString("base64url")}$${key.toString("base64url")}`} where id = ${id}`;
    await checkPassword(visitor, { email, password });
    expect((await userOf(email))?.password_hash).toMatch(/^scrypt\$32768\$/);
  });
});

describe("a forgotten password", () => {
  test("is replaced once by the person who has the letter; every browser is signed out and the old one is void", async () => {
    const { email, id } = await account();
    const session = await openSession(visitor, id);
    await requestReset(visitor, email);
    const token = await tokenTo(email);
    const next = "green heron seldom sings";
    await resetPassword(visitor, { token, password: next });
    expect(await liveSession(visitor, session)).toBeNull();
    await expect(resetPassword(visitor, { token, password: next })).rejects.toMatchObject({ problem: "invalid" });
    await expect(checkPassword(visitor, { email, password })).rejects.toMatchObject({ code: "wrong_password" });
    expect(await checkPassword(visitor, { email, password: next })).toBe(id);
    expect((await lettersTo(email)).at(-1)?.kind).toBe("account.password-changed");
  });

  test("links last one hour, and a refused new password does not use one up", async () => {
    const { email, id } = await account();
    await requestReset(visitor, email);
    const token = await tokenTo(email);
    const own = { token, password: `${email.split("@")[0]}-own` };
    await expect(resetPassword(visitor, own)).rejects.toMatchObject({ fields: { password: [expect.any(String)] } });
    const late = { ...visitor, now: addMinutes(start, 60) };
    await expect(resetPassword(late, { token, password: "green heron seldom sings" })).rejects.toMatchObject({
      problem: "invalid",
    });
    await resetPassword(visitor, { token, password: "green heron seldom sings" });
    expect(await checkPassword(visitor, { email, password: "green heron seldom sings" })).toBe(id);
  });

  test("of no one we know is answered alike, without a letter", async () => {
    expect(await requestReset(visitor, "nobody@example.com")).toBeUndefined();
    expect(await lettersTo("nobody@example.com")).toHaveLength(0);
  });
});

describe("one's own account", () => {
  test("a new password needs the old one, and ends every session there is", async () => {
    const { email, id } = await account();
    const here = await openSession(visitor, id);
    const elsewhere = await openSession(visitor, id);
    const ctx = signedIn({ id, email }, here);
    const change = { current: "wrong", password: "green heron seldom sings" };
    await expect(changePassword(ctx, change)).rejects.toMatchObject({ fields: { current: [expect.any(String)] } });
    await changePassword(ctx, { ...change, current: password });
    expect(await liveSession(visitor, here)).toBeNull();
    expect(await liveSession(visitor, elsewhere)).toBeNull();
    expect(await checkPassword(visitor, { email, password: change.password })).toBe(id);
  });

  test("shows what is known, and the name can be changed", async () => {
    const { email, id } = await account();
    const ctx = signedIn({ id, email });
    await changeName(ctx, { name: "Ada King" });
    expect(await myAccount(ctx)).toEqual({
      name: "Ada King",
      email,
      isConfirmed: true,
      hasPassword: true,
      issuers: [],
    });
  });
});
