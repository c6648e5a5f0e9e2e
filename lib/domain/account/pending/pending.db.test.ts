import { generateSync } from "otplib";
import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { personOf } from "#lib/core/access/person.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { addAuthenticator, startAuthenticator } from "#lib/domain/account/authenticators/commands.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import { renewCodes, takeRecoveryCode } from "#lib/domain/account/recovery/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { askPendingPasskey, finishWithCode, finishWithRecovery, openPending, voidPending } from "./commands.ts";
import { pendingMeans } from "./queries.ts";

const { db, sql } = await testDatabase();
const site = { origin: "http://localhost:3000", host: "localhost" };
let me: Context;
let visitor: AccountContext;

const may = (ctx: Context, ...more: Permission[]): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "account.open" as const, ...more]) },
});
const idOf = (ctx: AccountContext) => personOf(ctx.actor).id;
const at = <C extends AccountContext>(ctx: C, minutes: number): C => ({ ...ctx, now: addMinutes(ctx.now, minutes) });
const codeAt = (secret: string, now: Date) => generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) });

async function withApp(ctx: Context, name = "Telephone"): Promise<{ secret: string; codes: string[] | null }> {
  const { secret, enrolmentToken } = await startAuthenticator(ctx);
  const codes = await addAuthenticator(ctx, { enrolmentToken, code: codeAt(secret, ctx.now), name });
  return { secret, codes };
}

beforeEach(async () => {
  me = may(await testWorkspace(db));
  const actor: Actor = { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"]) };
  visitor = { ...me, actor };
});

describe("a recovery code", () => {
  test("opens once, however it is written down, and its owner is told how many are left", async () => {
    const { codes } = await withApp(me);
    const [code = ""] = codes ?? [];
    expect(await takeRecoveryCode(visitor, idOf(me), ` ${code.toUpperCase().replace("-", " ")}`)).toBe(true);
    expect(await takeRecoveryCode(visitor, idOf(me), code)).toBe(false);
    expect(await meansOf(visitor, idOf(me))).toMatchObject({ codesLeft: 9 });
    const [letter] =
      await sql`select text from letters where kind = 'account.recovery-code-used' and recipient = ${personOf(me.actor).email}`;
    expect(letter?.text).toContain("You have 9 left");
  });

  test("at the same instant in four browsers opens one", async () => {
    const { codes } = await withApp(me);
    const taken = await Promise.all([1, 2, 3, 4].map(() => takeRecoveryCode(visitor, idOf(me), codes?.[0] ?? "")));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("is kept as a hash, and is no one else's", async () => {
    const { codes } = await withApp(me);
    const other = may(await testWorkspace(db));
    await withApp(other);
    const [code = ""] = codes ?? [];
    expect(await sql`select 1 from recovery_codes where hash like ${`%${code}%`}`).toHaveLength(0);
    expect(await takeRecoveryCode(visitor, idOf(other), code)).toBe(false);
  });

  test("new ones void the old ones, and need a second factor", async () => {
    await expect(renewCodes(me)).rejects.toMatchObject({ problem: "conflict" });
    const { codes } = await withApp(me);
    const renewed = await renewCodes(me);
    expect(renewed).toHaveLength(10);
    expect(await takeRecoveryCode(visitor, idOf(me), codes?.[0] ?? "")).toBe(false);
    expect(await takeRecoveryCode(visitor, idOf(me), renewed[0] ?? "")).toBe(true);
  });
});

describe("a sign-in that owes the second factor", () => {
  test("names its person to the person who holds the browser's secret, and lets them in once", async () => {
    const { secret } = await withApp(me);
    const later = at(visitor, 2);
    const pending = await openPending(later, idOf(me), "/account");
    expect(await pendingMeans(later, pending)).toMatchObject({ app: true, passkey: false, codesLeft: 10 });
    expect(await pendingMeans(later, "x".repeat(43))).toBeNull();
    const code = codeAt(secret, later.now);
    await expect(finishWithCode(later, "x".repeat(43), code)).rejects.toMatchObject({ problem: "unauthenticated" });
    expect(await finishWithCode(later, pending, code)).toEqual({ userId: idOf(me), next: "/account" });
    await expect(finishWithRecovery(later, pending, "aaaaa-aaaaa")).rejects.toMatchObject({
      problem: "unauthenticated",
    });
    expect(await sql`select 1 from pending_sign_ins where hash like ${`%${pending}%`}`).toHaveLength(0);
  });

  test("is over after ten minutes, and after a new password", async () => {
    const { secret } = await withApp(me);
    const pending = await openPending(visitor, idOf(me), "/");
    const late = at(visitor, 10);
    await expect(finishWithCode(late, pending, codeAt(secret, late.now))).rejects.toMatchObject({
      problem: "unauthenticated",
    });
    const second = await openPending(visitor, idOf(me), "/");
    await voidPending(visitor, idOf(me));
    await expect(askPendingPasskey(visitor, site, second)).rejects.toMatchObject({ problem: "unauthenticated" });
  });

  test("is over after five wrong codes, even for the right one, and even if they come at once", async () => {
    const { secret } = await withApp(me);
    const later = at(visitor, 2);
    const pending = await openPending(later, idOf(me), "/");
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => finishWithCode(later, pending, "000000").catch((error) => error.problem)),
    );
    expect(tries.filter((problem) => problem === "invalid")).toHaveLength(5);
    await expect(finishWithCode(later, pending, codeAt(secret, later.now))).rejects.toMatchObject({
      problem: "unauthenticated",
    });
  });

  test("codes are limited for the account, however many sign-ins are begun; a recovery code still opens", async () => {
    const { secret, codes } = await withApp(me);
    const later = at(visitor, 2);
    const problems: string[] = [];
    for (let i = 0; i < 12; i++) {
      const pending = await openPending(later, idOf(me), "/");
      problems.push(await finishWithCode(later, pending, "000000").catch((error) => error.problem));
    }
    expect(problems.filter((problem) => problem === "invalid")).toHaveLength(10);
    const pending = await openPending(later, idOf(me), "/");
    await expect(finishWithCode(later, pending, codeAt(secret, later.now))).rejects.toMatchObject({
      problem: "rate_limited",
    });
    expect(await finishWithRecovery(later, pending, codes?.[3] ?? "")).toMatchObject({ userId: idOf(me) });
  });
});
