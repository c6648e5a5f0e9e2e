import { generateSync } from "otplib";
import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { personOf } from "#lib/core/access/person.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { hashPassword } from "#lib/core/password.ts";
import { addAuthenticator, startAuthenticator, takeAppCode } from "#lib/domain/account/authenticators/commands.ts";
import { setRequirement } from "#lib/domain/account/requirement/commands.ts";
import { requirement, requiresSecondFactor } from "#lib/domain/account/requirement/queries.ts";
import { openSession } from "#lib/domain/account/sessions/commands.ts";
import { liveSession } from "#lib/domain/account/sessions/queries.ts";
import { proveByCode, proveByPassword } from "#lib/domain/account/step-up/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { removeFactor, renameFactor, resetFactors } from "./commands.ts";
import { meansOf, myFactors } from "./queries.ts";

const { db, sql } = await testDatabase();
let me: Context;
let visitor: AccountContext;

const may = (ctx: Context, ...more: Permission[]): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "account.open" as const, ...more]) },
});
const idOf = (ctx: AccountContext) => personOf(ctx.actor).id;
const at = <C extends AccountContext>(ctx: C, minutes: number): C => ({ ...ctx, now: addMinutes(ctx.now, minutes) });
const codeAt = (secret: string, now: Date) => generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) });
const lettersTo = async (email: string) =>
  (await sql`select kind from letters where recipient = ${email} order by id`).map(({ kind }) => kind);

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

describe("an authenticator app", () => {
  test("counts from its first right code on, and not before; a wrong one adds nothing", async () => {
    const { secret, enrolmentToken } = await startAuthenticator(me);
    const wrong = codeAt(secret, addMinutes(me.now, 30));
    await expect(addAuthenticator(me, { enrolmentToken, code: wrong, name: "T" })).rejects.toMatchObject({
      fields: { code: [expect.any(String)] },
    });
    expect(await meansOf(me, idOf(me))).toMatchObject({ app: false, codesLeft: 0 });
    const codes = await addAuthenticator(me, { enrolmentToken, code: codeAt(secret, me.now), name: "Telephone" });
    expect(codes).toHaveLength(10);
    expect(await meansOf(me, idOf(me))).toMatchObject({ app: true, codesLeft: 10 });
    expect(await myFactors(me)).toMatchObject([{ kind: "app", name: "Telephone", usedAt: null }]);
    expect(await lettersTo(personOf(me.actor).email)).toEqual(["account.second-factor-added"]);
  });

  test("its secret lies sealed in the database, under its own label", async () => {
    const { secret } = await withApp(me);
    const [row] = await sql`select encode(secret, 'escape') as secret from authenticators where user_id = ${idOf(me)}`;
    expect(row?.secret).not.toContain(secret);
    const other = may(await testWorkspace(db));
    await withApp(other);
    await sql`update authenticators set secret = (select secret from authenticators where user_id = ${idOf(me)})
      where user_id = ${idOf(other)}`;
    await expect(takeAppCode(visitor, idOf(other), codeAt(secret, addMinutes(me.now, 2)))).rejects.toThrow();
  });

  test("an enrolment is good for its owner, and for half an hour", async () => {
    const { secret, enrolmentToken } = await startAuthenticator(me);
    const thief = may(await testWorkspace(db));
    const input = { enrolmentToken, code: codeAt(secret, me.now), name: "T" };
    await expect(addAuthenticator(thief, input)).rejects.toMatchObject({ problem: "invalid" });
    const late = at(me, 30);
    const lateInput = { ...input, code: codeAt(secret, late.now) };
    await expect(addAuthenticator(late, lateInput)).rejects.toMatchObject({ problem: "invalid" });
    await expect(
      addAuthenticator(me, { ...input, enrolmentToken: `${enrolmentToken.slice(0, -4)}AAAA` }),
    ).rejects.toThrow();
  });

  test("a replayed code is refused, the one of the enrolment too, and so is every earlier one", async () => {
    const { secret } = await withApp(me);
    expect(await takeAppCode(visitor, idOf(me), codeAt(secret, me.now))).toBe(false);
    const later = at(visitor, 2);
    const code = codeAt(secret, later.now);
    expect(await takeAppCode(later, idOf(me), code)).toBe(true);
    expect(await takeAppCode(later, idOf(me), code)).toBe(false);
    expect(await takeAppCode(later, idOf(me), codeAt(secret, addMinutes(later.now, -0.5)))).toBe(false);
    expect(await takeAppCode(later, idOf(me), codeAt(secret, addMinutes(later.now, 0.5)))).toBe(true);
  });

  test("of two browsers that send one code at the same instant, one gets in", async () => {
    const { secret } = await withApp(me);
    const later = at(visitor, 2);
    const code = codeAt(secret, later.now);
    const taken = await Promise.all([1, 2, 3, 4].map(() => takeAppCode(later, idOf(me), code)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("codes half a minute off count, for clocks that are off; a whole minute does not", async () => {
    const { secret } = await withApp(me);
    for (const [minutes, isGood] of [
      [0.5, true],
      [-0.5, true],
      [1.1, false],
      [-1.1, false],
    ] as const) {
      const later = at(visitor, 10);
      await sql`update authenticators set last_step = 0 where user_id = ${idOf(me)}`;
      const code = codeAt(secret, addMinutes(later.now, minutes));
      expect({ minutes, taken: await takeAppCode(later, idOf(me), code) }).toEqual({ minutes, taken: isGood });
    }
  });

  test("another person's code opens nothing", async () => {
    const other = may(await testWorkspace(db));
    const { secret } = await withApp(other);
    await withApp(me);
    const later = at(visitor, 2);
    expect(await takeAppCode(later, idOf(me), codeAt(secret, later.now))).toBe(false);
  });
});

describe("the first second factor", () => {
  test("signs out every other browser, since none of them has shown it; the next ones do not", async () => {
    const here = await openSession(visitor, idOf(me));
    const mine = { ...me, actor: { ...me.actor, sessionId: here } as Actor } as Context;
    const elsewhere = await openSession(visitor, idOf(me));
    const { codes } = await withApp(mine);
    expect(codes).toHaveLength(10);
    expect(await liveSession(visitor, elsewhere)).toBeNull();
    expect(await liveSession(visitor, here)).toMatchObject({ hasSecondFactor: true });
    const again = await openSession(visitor, idOf(me));
    expect((await withApp(mine, "Tablet")).codes).toBeNull();
    expect(await liveSession(visitor, again)).not.toBeNull();
  });

  test("is in the audit log of each organization of its owner, without the secret", async () => {
    const { secret } = await withApp(me);
    const rows = await sql`select action, object_id, after::text from audit_events
      where organization_id = ${me.organizationId} and action = 'second_factor.add'`;
    expect(rows).toMatchObject([{ object_id: idOf(me) }]);
    expect(rows[0]?.after).not.toContain(secret);
  });
});

describe("removing a second factor", () => {
  test("takes the recovery codes with the last one; another person's looks as if it were not there", async () => {
    await withApp(me);
    const [factor] = await myFactors(me);
    if (!factor) throw new Error("No factor.");
    const other = may(await testWorkspace(db));
    await expect(removeFactor(other, { id: factor.id })).rejects.toMatchObject({ problem: "not_found" });
    await expect(renameFactor(other, { id: factor.id, name: "Mine" })).rejects.toMatchObject({ problem: "not_found" });
    await renameFactor(me, { id: factor.id, name: "Old telephone" });
    await removeFactor(me, { id: factor.id });
    expect(await meansOf(me, idOf(me))).toMatchObject({ app: false, codesLeft: 0 });
    expect(await lettersTo(personOf(me.actor).email)).toContain("account.second-factor-removed");
  });

  test("is refused for the last one while an organization asks for one; of two at once, one stays", async () => {
    await withApp(me);
    await setRequirement(me, { required: true });
    const [only] = await myFactors(me);
    if (!only) throw new Error("No factor.");
    await expect(removeFactor(me, { id: only.id })).rejects.toMatchObject({ problem: "conflict" });
    expect(await myFactors(me)).toHaveLength(1);
    await withApp(me, "Tablet");
    const all = await myFactors(me);
    const outcomes = await Promise.allSettled(all.map(({ id }) => removeFactor(me, { id })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await myFactors(me)).toHaveLength(1);
  });

  test("is refused for the last one of staff, wherever staff need one", async () => {
    await withApp(me);
    const [only] = await myFactors(me);
    if (!only) throw new Error("No factor.");
    await sql`insert into staff (user_id, roles, created_at) values (${idOf(me)}, '{support}', ${me.now})`;
    await expect(removeFactor(me, { id: only.id })).rejects.toThrow(/Staff need a second factor/);
    await sql`update staff set active = false where user_id = ${idOf(me)}`;
    await removeFactor(me, { id: only.id });
    expect(await myFactors(me)).toEqual([]);
  });

  test("by the operator takes everything, ends every session and tells the owner; no one else may", async () => {
    await withApp(me);
    const { email } = personOf(me.actor);
    const session = await openSession(visitor, idOf(me));
    await expect(resetFactors(me, email)).rejects.toMatchObject({ problem: "forbidden" });
    const permissions = new Set<Permission>(["system.operate", "account.open"]);
    const operator: AccountContext = { ...me, actor: { kind: "system", id: "system", name: "admin", permissions } };
    await resetFactors(operator, email.toUpperCase());
    expect(await meansOf(visitor, idOf(me))).toMatchObject({ app: false, codesLeft: 0 });
    expect(await liveSession(visitor, session)).toBeNull();
    expect(await lettersTo(email)).toContain("account.second-factor-reset");
    const rows =
      await sql`select actor_kind from audit_events where object_id = ${idOf(me)} and action = 'second_factor.reset'`;
    expect(rows).toEqual([{ actor_kind: "system" }]);
    await expect(resetFactors(operator, "nobody@example.com")).rejects.toMatchObject({ problem: "not_found" });
  });
});

describe("an organization that asks for a second factor", () => {
  test("is made so only by an admin who has one, and by no one of another organization", async () => {
    await expect(setRequirement(me, { required: true })).rejects.toMatchObject({ problem: "conflict" });
    await withApp(me);
    const member = may(await testWorkspace(db, { within: me, roles: ["workspace_admin"] }));
    await withApp(member);
    await expect(setRequirement(member, { required: true })).rejects.toMatchObject({ problem: "forbidden" });
    const other = may(await testWorkspace(db));
    await setRequirement(me, { required: true });
    expect(await requiresSecondFactor(me, me.organizationId)).toBe(true);
    expect(await requiresSecondFactor(other, other.organizationId)).toBe(false);
    await setRequirement(me, { required: false });
    expect(await requiresSecondFactor(me, me.organizationId)).toBe(false);
  });

  test("says how many members it would send to add one", async () => {
    await withApp(me);
    await testWorkspace(db, { within: me });
    expect(await requirement(me)).toEqual({ isRequired: false, members: 2, without: 1 });
  });
});

describe("showing again who one is", () => {
  test("takes the password or an unused code, and counts wrong ones", async () => {
    await sql`update users set password_hash = ${await hashPassword("purple otter quietly hums")} where id = ${idOf(me)}`;
    const { secret } = await withApp(me);
    await expect(proveByPassword(me, "wrong")).rejects.toMatchObject({ fields: { password: [expect.any(String)] } });
    await proveByPassword(me, "purple otter quietly hums");
    await expect(proveByCode(me, codeAt(secret, me.now))).rejects.toMatchObject({ problem: "invalid" });
    const later = at(me, 1);
    await proveByCode(later, codeAt(secret, later.now));
    for (let i = 0; i < 10; i++) await proveByCode(me, "000000").catch(() => {});
    await expect(proveByPassword(me, "purple otter quietly hums")).rejects.toMatchObject({ problem: "rate_limited" });
  });

  test("a visitor shows nothing", async () => {
    await expect(proveByPassword(visitor, "x")).rejects.toMatchObject({ problem: "unauthenticated" });
    await expect(proveByCode(visitor, "000000")).rejects.toMatchObject({ problem: "unauthenticated" });
  });
});
