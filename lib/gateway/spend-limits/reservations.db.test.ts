import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import type { AppError } from "#lib/core/errors.ts";
import { pico } from "#lib/core/money.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { type TestProcess, testGateKey, testProcess } from "#lib/testing/spend-limits.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import type { Reservation } from "./reservations.ts";

const { db, sql, url } = await testDatabase();
let first: TestProcess;
let second: TestProcess;
beforeAll(async () => {
  [first, second] = [await testProcess(url), await testProcess(url)];
});
afterAll(() => Promise.all([first.end(), second.end()]));

const fixed = (amount: bigint) => ({ least: amount, useful: amount, most: amount });
const hold = async ({ reservations }: TestProcess, key: AuthenticatedKey, ask = fixed(10n)): Promise<Reservation> =>
  reservations.reserve(key, new Date(), ask, new Cancellation());

async function refusalOf(attempt: Promise<unknown>): Promise<AppError> {
  return attempt.then(
    () => Promise.reject(new Error("It was let in.")),
    (error: AppError) => error,
  );
}

const books = async ({ organizationId }: Context) => {
  const rows = await sql`select scope, settled_pico::text as settled, held_pico::text as held from spend_months
    where organization_id = ${organizationId} order by scope`;
  return Object.fromEntries(rows.map(({ scope, settled, held }) => [scope, `${settled} + ${held}`]));
};

const limitTo = (ctx: Context, limitPico: bigint | null) =>
  setWorkspaceLimit(ctx, { limit: limitPico === null ? null : pico(limitPico), alerts: [50, 80, 100] });

test("T-4.2.2.2-LIM1: what a request may cost is held on key, workspace and organization before it is let in", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 100n);
  const held = await hold(first, testGateKey(ctx), fixed(100n));
  expect(held.amount).toBe(100n);
  const found = await books(ctx);
  expect(found.workspace).toBe("0 + 100");
  expect(Object.keys(found)).toEqual(["key", "organization", "workspace"]);
  first.reservations.end(held, 0n);
});

test("T-4.2.2.2-LIM1: two processes never hold more than the limit between them, and no one who fits is refused", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 1000n);
  const key = testGateKey(ctx);
  const attempts = Array.from({ length: 100 }, (_, at) => hold(at % 2 ? first : second, key, fixed(10n)));
  const holds = await Promise.all(attempts);
  expect((await books(ctx)).workspace).toBe("0 + 1000");
  for (const [at, held] of holds.entries()) (at % 2 ? first : second).reservations.end(held, 0n);
  await expect
    .poll(() => books(ctx), { timeout: 5000 })
    .toMatchObject({ workspace: "0 + 0", organization: "0 + 0", key: "0 + 0" });
});

test("T-4.2.2.2-LIM1: without a length of its own, a request is let in for what the limit leaves", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 70n);
  const held = await hold(first, testGateKey(ctx), { least: 5n, useful: 50n, most: 1_000_000n });
  expect(held.amount).toBe(70n);
  expect(held.limit).toEqual({ scope: "workspace", left: 70n });
  first.reservations.end(held, 0n);
});

test("T-4.2.2.2-LIM1: the person who asks for more than is left is told the scope, the limit and where to raise it; no round is needed for the next", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 9n);
  const key = testGateKey(ctx);
  const error = await refusalOf(hold(first, key, fixed(10n)));
  expect(error).toMatchObject({ problem: "limit_reached", code: "spend_limit_reached" });
  expect(error.details).toMatchObject({ scope: "workspace", limit: "0.000000000009", spent: "0", currency: "EUR" });
  expect(error.details.adjust_url).toMatch(new RegExp(`/${ctx.workspaceId}/limits#workspace$`));
  // Thrown, not rejected: from memory, in the same turn.
  expect(() => first.reservations.reserve(key, new Date(), fixed(10n), new Cancellation())).toThrow(/spend limit/);
});

test("T-4.2.2.2-LIM2: after a raise the next request passes on every process, also those that refused", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 5n);
  const key = testGateKey(ctx);
  for (const process of [first, second]) await refusalOf(hold(process, key));
  await limitTo(ctx, 50n);
  for (const process of [first, second]) {
    const held = await expect
      .poll(() => hold(process, key).catch(() => undefined), { interval: 5, timeout: 1000 })
      .toBeDefined()
      .then(() => hold(process, key));
    process.reservations.end(held, 0n);
  }
});

test("T-4.2.2.2-LIM1: when the rest is held by others, a request waits for it instead of being refused", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 15n);
  const key = testGateKey(ctx);
  const held = await hold(first, key, fixed(10n));
  const waiting = hold(second, key, fixed(10n));
  const isOver = await Promise.race([
    waiting.then(() => true),
    new Promise((resolve) => setTimeout(() => resolve(false), 150)),
  ]);
  expect(isOver).toBe(false);
  first.reservations.end(held, 0n);
  const got = await waiting;
  expect(got.amount).toBe(10n);
  second.reservations.end(got, 0n);
});

test("a process that died gives back what it held, and cannot spend it afterwards", async () => {
  const ctx = await testWorkspace(db);
  await limitTo(ctx, 10n);
  const key = testGateKey(ctx);
  const held = await hold(first, key, fixed(10n));
  // What it committed before has to be summed first.
  const unsettled = () => sql`select from usage_journal where lessee_id = ${held.lessee}`;
  await expect.poll(unsettled).toHaveLength(0);
  // In one transaction: the processes of this file renew and take back by themselves, and would come in between.
  const left = await sql.begin(async (tx) => {
    await tx`update lessees set expires_at = clock_timestamp() - interval '1 second' where id = ${held.lessee}`;
    // Others of a slow machine may have died too, so how many it were says nothing.
    await tx`select reap_lessees()`;
    return tx`select from lessees where id = ${held.lessee}`;
  });
  expect(left).toHaveLength(0);
  expect((await books(ctx)).workspace).toBe("0 + 0");
  const after = await hold(first, key, fixed(10n));
  expect(after.lessee).not.toBe(held.lessee);
  first.reservations.end(after, 0n);
});

test("the books of all of it agree", async () => {
  const operator = {
    kind: "system" as const,
    id: "system",
    name: "test",
    permissions: new Set(["system.operate" as const]),
  };
  const verdicts = await verify({ ...(await testWorkspace(db)), db, actor: operator });
  expect(verdicts.filter(({ violations }) => violations > 0)).toEqual([]);
});

test("what a key may spend in its life is counted over all its months", async () => {
  const ctx = await testWorkspace(db);
  const key = testGateKey(ctx);
  const before = "2026-01-01";
  await sql`insert into spend_months (organization_id, scope, scope_id, month, settled_pico)
    values (${ctx.organizationId}, 'key', ${key.id}, ${before}, 95)`;
  await sql`insert into spend_limits (organization_id, scope, scope_id, period, limit_pico, alert_percents, standing_pico, standing_month, updated_at, updated_by)
    values (${ctx.organizationId}, 'key', ${key.id}, 'lifetime', 100, '{}', 95, ${monthOf(ctx.now)}, now(), 'test')`;
  const error = await refusalOf(hold(first, key, fixed(6n)));
  expect(error.details).toMatchObject({ scope: "key", period: "lifetime", resets_at: null });
  const held = await hold(first, key, fixed(5n));
  expect(held.amount).toBe(5n);
  first.reservations.end(held, 0n);
});
