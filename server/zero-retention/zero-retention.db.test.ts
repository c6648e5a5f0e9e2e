import { afterAll, expect, test, vi } from "vitest";
import type { Db } from "#db/client.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { pendingZeroRetention, verifyZeroRetention } from "#lib/domain/zero-retention/checks/commands.ts";
import { requestZeroRetention } from "#lib/domain/zero-retention/commands.ts";
import { approveZeroRetention, claimZeroRetention } from "#lib/domain/zero-retention/desk/commands.ts";
import { implementZeroRetention, type Verify } from "#lib/domain/zero-retention/force/commands.ts";
import { zeroRetentionRequestsOf } from "#lib/domain/zero-retention/queries.ts";
import { markStart, sweep } from "#lib/domain/zero-retention/sweep/commands.ts";
import { formsOf } from "#lib/domain/zero-retention/sweep/rules.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { zeroRetentionAsk, zeroRetentionDesk } from "#lib/testing/zero-retention.ts";
import { keyOf, openV1 } from "#server/v1/testing.ts";
import { verifyScope } from "./verify.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);
await sql`select ensure_contents_partition(now())`;

const chat = { model: "small", messages: [{ role: "user", content: "Hello" }] };
const system = (on: Db = db): AccountContext => systemAt(on, now());
const clean: Verify = async () => ({ isClean: true, facts: { found: [] } });

async function approved(scope?: (ctx: Context) => object) {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx);
  const desk = await zeroRetentionDesk(db, ctx);
  await testAgent(db, ctx);
  const before = async () => {
    const id = await requestZeroRetention(ctx, zeroRetentionAsk(scope?.(ctx)));
    await claimZeroRetention(desk, { id });
    await approveZeroRetention(desk, { id, reason: "The contract asks for it." });
    return { organizationId: ctx.organizationId, id };
  };
  return { ctx, secret, approve: before };
}

async function keep({ organizationId, workspaceId }: Context, requests: number): Promise<void> {
  const ids = Array.from({ length: requests }, (_, at) => `req_${organizationId}${at}`);
  await sql`insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
    values (${organizationId}, date_trunc('hour', now(), 'UTC'), ${ids[0] ?? ""}, ${workspaceId}, ${ids}, false, '\\x01')`;
  await sql`insert into content_sums (organization_id, workspace_id, hour, requests, bytes)
    values (${organizationId}, ${workspaceId}, date_trunc('hour', now(), 'UTC'), ${requests}, 1)`;
}

const patience = { timeout: 20_000 };

/** Goes on as the queue would, until nothing is left to do. */
async function finish(named: Parameters<typeof implementZeroRetention>[1], look: Verify = clean): Promise<void> {
  await vi.waitUntil(
    async () => {
      v1.plane.reservations.doubt();
      return (await implementZeroRetention(system(), named, look)) === null;
    },
    { timeout: 20_000, interval: 20 },
  );
}

const lettersOf = async ({ organizationId }: Context): Promise<string[]> => {
  const rows =
    await sql`select kind from letters where organization_id = ${organizationId} and kind like 'retention.%'`;
  return rows.map(({ kind }) => kind as string).toSorted();
};

test("T-4.2.2.2-ZDR3: approved, then active: what was stored is counted and gone, a receipt is signed, and the API finds nothing of a canary", async () => {
  const { ctx, secret, approve } = await approved();
  await keep(ctx, 3);
  expect((await v1.ask(secret, "POST", "/v1/chat/completions", chat)).headers.get("x-content-retention")).toBe("30d");
  const named = await approve();
  const log = catchErrorLog();
  await finish(named, verifyScope);
  log.restore();
  const [request] = await zeroRetentionRequestsOf(ctx);
  expect(request).toMatchObject({ state: "active", stuckOn: null, brokenAt: null });
  const facts = Object.fromEntries((request?.steps ?? []).map((one) => [one.step, one]));
  expect(facts.drain).toMatchObject({ outcome: "done" });
  expect(facts.purge?.facts).toMatchObject({
    removed: { "content-log": { items: expect.any(Number) }, agents: { items: 1 } },
    recount: 0,
    receipt: expect.stringMatching(/^[a-z]+_/),
  });
  expect(facts.verify?.facts).toMatchObject({ found: [], control: "found", requests: expect.any(Number) });
  expect(facts.verify?.facts?.statuses).toMatchObject({ 200: expect.any(Number), 403: expect.any(Number) });
  // What is refused for its pace has not been looked at.
  expect(facts.verify?.facts?.statuses).not.toHaveProperty("429");
  expect(await lettersOf(ctx)).toEqual(["retention.zero-active", "retention.zero-approved"]);
  expect(await sql`select from contents where organization_id = ${ctx.organizationId}`).toHaveLength(0);
  const [billed] =
    await sql`select sum(cost_pico)::text as cost from usage_events join keys on keys.id = usage_events.key_id
    where usage_events.organization_id = ${ctx.organizationId} and keys.purpose = 'verification'`;
  expect(billed?.cost).toBe("0");
});

/** A database that its process stops talking to after so many statements, as one that is killed does. */
function dying(left: { statements: number }): Db {
  const wrap = (real: object): Db =>
    new Proxy(real, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        if (!["select", "insert", "update", "delete", "execute", "transaction"].includes(String(name)))
          return value.bind(target);
        return (...given: unknown[]) => {
          if (left.statements-- <= 0) throw new Error("killed");
          if (name !== "transaction") return value.apply(target, given);
          const [work, ...rest] = given as [(tx: Db) => Promise<unknown>];
          return value.call(target, (tx: object) => work(wrap(tx)), ...rest);
        };
      },
    }) as Db;
  return wrap(db);
}

test("help-zdr 17, T-4.2.2.2-ZDR3: killed after whatever statement, it goes on: active once, one letter, one receipt with what was there", async () => {
  const log = catchErrorLog();
  let isThrough = false;
  for (let statements = 0; !isThrough; statements++) {
    const { ctx, approve } = await approved();
    await keep(ctx, 2);
    const named = await approve();
    await vi.waitUntil(
      async () => {
        v1.plane.reservations.doubt();
        const left = { statements };
        const done = await implementZeroRetention(system(dying(left)), named, clean).catch(() => "killed" as const);
        isThrough = done === null;
        // What waits for others is tried again, as far as before.
        return done === "killed" || done === null || left.statements < 0;
      },
      { timeout: 20_000, interval: 20 },
    );
    await finish(named);
    const [request] = await zeroRetentionRequestsOf(ctx);
    expect(request?.state, `${statements}`).toBe("active");
    expect(await lettersOf(ctx)).toEqual(["retention.zero-active", "retention.zero-approved"]);
    const receipts = await sql`select signed from deletion_receipts where organization_id = ${ctx.organizationId}`;
    expect(receipts, `${statements}`).toHaveLength(1);
    expect(JSON.parse(receipts[0]?.signed as string).removed).toEqual(
      expect.arrayContaining([expect.objectContaining({ class: "content-log", items: 2, recount: 0 })]),
    );
  }
  log.restore();
}, 240_000);

test("T-4.2.2.2-ZDR3: while a request that began before is under way, it is not active", async () => {
  const { ctx, secret, approve } = await approved();
  v1.script.push({ failure: "hang" });
  const leaving = new AbortController();
  const answer = fetch(`http://127.0.0.1:${v1.port}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify(chat),
    signal: leaving.signal,
  }).catch(() => undefined);
  await vi.waitUntil(() => v1.plane.calls.age() > 0);
  const named = await approve();
  for (let i = 0; i < 5; i++) {
    v1.plane.reservations.doubt();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await implementZeroRetention(system(), named, clean)).toBeInstanceOf(Date);
  }
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "implementing" }]);
  leaving.abort();
  await answer;
  await finish(named);
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "active" }]);
});

test("T-4.2.2.2-ZDR3: a check that finds something leaves it implementing; it is tried again, and after four hours staff are alarmed", async () => {
  const { ctx, approve } = await approved();
  const named = await approve();
  const leaky: Verify = async () => ({ isClean: false, facts: { found: ["public.letters"] } });
  const log = catchErrorLog();
  let due: Date | null = null;
  await vi.waitUntil(async () => {
    v1.plane.reservations.doubt();
    due = await implementZeroRetention(system(), named, leaky);
    return due !== null && due.getTime() > now().getTime() + 30_000;
  }, patience);
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "implementing", stuckOn: "verify" }]);
  expect(await pendingZeroRetention(system())).toContainEqual(named);
  // Before it is due nothing is done.
  expect(await implementZeroRetention(system(), named, clean)).toEqual(due);
  const late = { ...system(), now: addMinutes(now(), 5 * 60) } as AccountContext;
  await implementZeroRetention(late, named, leaky);
  log.restore();
  const [row] = await sql`select alarmed_at from zero_retention_requests where id = ${named.id}`;
  expect(row?.alarmed_at).toBeTruthy();
  expect(log.lines.some((line) => line.includes("zero-retention.alarm"))).toBe(true);
  await implementZeroRetention({ ...late, now: addMinutes(now(), 9 * 60) } as AccountContext, named, clean);
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "active", stuckOn: null }]);
});

test("help-zdr 19, T-4.2.2.2-ZDR4: a later check that fails is shown and told once, and is over when one is clean again", async () => {
  const { ctx, approve } = await approved();
  const named = await approve();
  await finish(named);
  const leaky: Verify = async () => ({ isClean: false, facts: { found: ["log"] } });
  const log = catchErrorLog();
  expect(await verifyZeroRetention(system(), named, leaky)).toBe(false);
  expect(await verifyZeroRetention(system(), named, leaky)).toBe(false);
  log.restore();
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "active", brokenAt: expect.any(Date) }]);
  expect((await lettersOf(ctx)).filter((kind) => kind === "retention.zero-broken")).toHaveLength(1);
  await verifyZeroRetention(system(), named, clean);
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ brokenAt: null }]);
});

test("T-4.2.2.2-ZDR4: a canary is found in whatever table it was left, as text, in JSON and as bytes, and in each of its forms", async () => {
  const ctx = await testWorkspace(db);
  const named = await requestZeroRetention(ctx, zeroRetentionAsk());
  const plants: [string, (form: string) => Promise<unknown>][] = [
    ["public.organizations", (form) => sql`update organizations set name = ${form} where id = ${ctx.organizationId}`],
    [
      "public.zero_retention_requests",
      (form) => sql`update zero_retention_requests set evidence = ${sql.json({ [form]: 1 })} where id = ${named}`,
    ],
    ["public.workspaces", (form) => sql`update workspaces set name = ${`a ${form} b`} where id = ${ctx.workspaceId}`],
  ];
  for (const [table, plant] of plants)
    for (const form of formsOf("zqcanary0123456789").slice(0, table === "public.workspaces" ? undefined : 1)) {
      const xid = await markStart(system());
      expect(await sweep(system(), "zqcanary0123456789", xid)).toEqual([]);
      await plant(form);
      expect(await sweep(system(), "zqcanary0123456789", xid), form).toEqual([table]);
      await plant("nothing");
    }
  const xid = await markStart(system());
  await sql`update zero_retention_requests set words = ${Buffer.from("it says zqcanary0123456789 there")} where id = ${named}`;
  expect(await sweep(system(), "zqcanary0123456789", xid)).toEqual(["public.zero_retention_requests"]);
});
