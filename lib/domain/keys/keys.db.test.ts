import { beforeAll, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { keyStates } from "#lib/core/api-keys/lifetime.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { keyStandingPage } from "#lib/domain/limits/listing/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { createKey, revokeKeys } from "./commands.ts";
import { keyFilter } from "./input.ts";
import { keyChoices, keyPage } from "./queries.ts";
import { keySorts } from "./rules.ts";

const { db, sql } = await testDatabase();
const count = 220;
let ctx: Context;

/** Keys of one workspace: several of each name, use, spending and state, so that ties are common. */
async function seedKeys({ organizationId, workspaceId, actor, now }: Context): Promise<void> {
  await sql`insert into keys (organization_id, id, workspace_id, owner_id, purpose, name, hash, first4, last4, scopes, created_at,
      last_used_at, expires_at, revoked_at)
    select ${organizationId}, 'key_' || lpad(n::text, 26, '0'), ${workspaceId}, ${actor.id}, 'api',
      case n when 7 then '50%_off' when 8 then '50 off' else 'Service ' || n % 30 end, 'hash-' || ${workspaceId}::text || n,
      'aB' || lpad((n % 100)::text, 2, '0'), lpad(n::text, 4, '0'), array['completions:create'], ${now}::timestamptz - n * interval '1 minute',
      case when n % 3 = 0 then null else ${now}::timestamptz - (n % 5) * interval '1 hour' end,
      case n % 11 when 1 then ${addDays(now, 3)}::timestamptz when 2 then ${addMinutes(now, -1)}::timestamptz when 3 then ${now}::timestamptz end,
      case when n % 13 = 0 then ${now}::timestamptz end
    from generate_series(1, ${count}) as n`;
  await sql`insert into spend_months (organization_id, month, scope, scope_id, settled_pico)
    select ${organizationId}, date_trunc('month', ${now}::timestamptz, 'UTC')::date, 'key', id, (row_number() over ())::int % 4 * 1000000000000
    from keys where workspace_id = ${workspaceId} and id like '%5'`;
}

beforeAll(async () => {
  ctx = await testWorkspace(db);
  await seedKeys(ctx);
  await seedKeys(await testWorkspace(db));
});

const page = (asked: object, as = ctx) => keyPage(as, keyFilter.parse(asked));

/** Every page from the first to the last, then back again. */
async function walk(asked: object): Promise<{ forth: string[]; back: string[]; counts: [number, number][] }> {
  const [forth, back, counts]: [string[], string[], [number, number][]] = [[], [], []];
  let at = await page(asked);
  for (;;) {
    forth.push(...at.rows.map(({ id }) => id));
    counts.push([at.first, at.total]);
    if (at.after === null) break;
    at = await page({ ...asked, after: at.after });
  }
  for (;;) {
    back.unshift(...at.rows.map(({ id }) => id));
    if (at.before === null) return { forth, back, counts };
    at = await page({ ...asked, before: at.before });
  }
}

describe("a list of 220 keys", () => {
  test.each(keySorts.flatMap((name) => [name, `-${name}`]))(
    "sorted by %s, its pages follow each other without a gap or a repeat, both ways, and say where they are",
    async (sort) => {
      const { forth, back, counts } = await walk({ sort });
      expect(new Set(forth).size).toBe(count);
      expect(back).toEqual(forth);
      expect(counts).toEqual([0, 50, 100, 150, 200].map((first) => [first + 1, count]));
    },
  );

  test("is in the order it says, one way and the other", async () => {
    const { rows } = await page({ sort: "-used" });
    const used = rows.map(({ lastUsedAt }) => lastUsedAt?.getTime() ?? 0);
    expect(used).toEqual(used.toSorted((a, b) => b - a));
    const names = (await page({ sort: "name" })).rows.map(({ name }) => name.toLowerCase());
    expect(names[0]).toBe("50 off");
    const [up, down] = [await walk({ sort: "spent" }), await walk({ sort: "-spent" })];
    expect(down.forth).toEqual(up.forth.toReversed());
  });

  test("stays where it is for a reader while keys are made and ended", async () => {
    const first = await page({ sort: "-created" });
    const other = { ...ctx, now: addMinutes(ctx.now, 1) };
    await createKey(other, {
      name: "new",
      scopes: ["models:read"],
      models: null,
      addresses: null,
      expiresInDays: null,
    });
    const second = await page({ sort: "-created", after: first.after });
    expect(second.rows[0]?.id).toBe("key_00000000000000000000000051");
    expect(second).toMatchObject({ first: 52, total: count + 1 });
    await sql`delete from keys where name = 'new'`;
  });

  test("is searched by name, owner and ends, and signs are taken literally", async () => {
    const found = async (q: string) => (await page({ q })).rows.map(({ name }) => name);
    expect(await found("%_")).toEqual(["50%_off"]);
    expect(await found("50_off")).toEqual([]);
    expect(await found("SERVICE 29")).toHaveLength(7);
    expect((await page({ q: "test person" })).total).toBe(count);
    expect((await page({ q: "cpt_aB42…0142" })).rows.map(({ last4 }) => last4)).toEqual(["0142"]);
    expect((await page({ q: "0142" })).rows).toHaveLength(1);
  });

  test("is filtered by the state that each key shows", async () => {
    const totals = await Promise.all(
      keyStates.map(async (state) => {
        const { forth } = await walk({ state });
        const shown = (await page({ state })).rows.map((key) => key.state);
        expect(new Set(shown)).toEqual(new Set([state]));
        return forth.length;
      }),
    );
    expect(totals.reduce((sum, total) => sum + total, 0)).toBe(count);
  });

  test("falls back to its first page when the one an address names is gone", async () => {
    expect(await page({ sort: "name", after: "key_z~zzzz" })).toMatchObject({ first: 1, total: count, before: null });
    expect(await page({ sort: "spent", after: "key_z~not-a-number" })).toMatchObject({ first: 1 });
  });

  test("has nothing of another tenant, by search or by cursor", async () => {
    const stranger = await testWorkspace(db);
    expect(await page({}, stranger)).toMatchObject({ rows: [], total: 0 });
    const { after } = await page({});
    expect(await page({ after, q: "Service" }, stranger)).toMatchObject({ rows: [], total: 0 });
    expect(await keyChoices(stranger, { q: "Service" })).toEqual([]);
    expect(await keyChoices(stranger, { id: "key_00000000000000000000000051" as Id<"key"> })).toEqual([]);
  });
});

test("the limits by key list those that can spend, who spends most first", async () => {
  const first = await keyStandingPage(ctx, {});
  const spent = first.rows.map(({ month }) => month.settledPico);
  expect(spent).toEqual(spent.toSorted((a, b) => Number(b - a)));
  expect(first.rows.filter(({ state }) => state === "revoked" || state === "expired")).toEqual([]);
  const second = await keyStandingPage(ctx, { after: first.after ?? "" });
  expect(second.first).toBe(51);
  expect(second.total).toBe((await page({ state: "active" })).total + (await page({ state: "expiring" })).total);
});

test("several keys are revoked together or not at all", async () => {
  const own = await testWorkspace(db);
  await seedKeysOf(own, 3);
  const ids = (await page({}, own)).rows.map(({ id }) => id);
  const foreign = (await page({})).rows[0]?.id as Id<"key">;
  await expect(revokeKeys(own, { ids: [...ids, foreign] })).rejects.toMatchObject({ problem: "not_found" });
  expect((await page({ state: "revoked" }, own)).total).toBe(0);
  await revokeKeys(own, { ids });
  expect((await page({ state: "revoked" }, own)).total).toBe(3);
  const rows = await sql`select count(*)::int as count from audit_events
    where organization_id = ${own.organizationId} and action = 'api_key.revoke'`;
  expect(rows[0]?.count).toBe(3);
});

async function seedKeysOf(own: Context, keys: number): Promise<void> {
  const draft = { scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };
  for (let n = 0; n < keys; n++) await createKey(own, { ...draft, name: `key ${n}` });
}
