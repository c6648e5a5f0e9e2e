import { afterAll, expect, test } from "vitest";
import { newId } from "#db/id.ts";

import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { forgetEndUser, setEndUserMode } from "#lib/domain/end-users/commands.ts";
import { type EndUserMode, endUserCode } from "#lib/domain/end-users/rules.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { requestsOf } from "#lib/domain/request-log/queries.ts";
import { deletionReceipt } from "#lib/domain/retention/receipts/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { isInContentLog } from "#server/zero-retention/control.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const messages = [{ role: "user", content: "Hi" }];
const chat = (secret: string, names: object) =>
  v1.ask(secret, "POST", "/v1/chat/completions", { model: "small", messages, max_tokens: 5, ...names });

const namesIn = async (table: "usage_events" | "usage_sums", { organizationId }: Context): Promise<string[]> =>
  (
    await (table === "usage_events"
      ? sql`select distinct end_user as name from usage_events where organization_id = ${organizationId} and end_user is not null order by 1`
      : sql`select distinct value as name from usage_sums where organization_id = ${organizationId} and dimension = 'end_user' order by 1`)
  ).map(({ name }) => String(name));

async function customer(mode: EndUserMode) {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx);
  await setEndUserMode(ctx, { mode });
  return { ctx, secret };
}

const all = { model: undefined, end_user: undefined, from: undefined, to: undefined };

const verified = async () =>
  expect((await verify(systemContext("test"))).filter(({ violations }) => violations > 0)).toEqual([]);

test("contract 45, T-4.2.1-EU: an end user is named in any of three ways, and kept, hashed or dropped as the organization chose", async () => {
  const ways = [{ user: "ada" }, { safety_identifier: "ada" }, { metadata: { user_id: "ada", other: 1 } }];
  for (const mode of ["keep", "hash", "drop"] as const) {
    const { ctx, secret } = await customer(mode);
    for (const way of ways) expect((await chat(secret, way)).status).toBe(200);
    // What is refused is in the log too, also where its body was never read to the end.
    expect((await chat(secret, { user: "ada", temperature: 9 })).status).toBe(422);
    // No one waits for the log of a refusal, so it may come a little after its answer.
    const events = async () => {
      const [count] = await sql`select count(*)::int as requests, count(end_user)::int as named from usage_events
        where organization_id = ${ctx.organizationId}`;
      return count;
    };
    await expect.poll(events).toEqual({ requests: 4, named: mode === "drop" ? 0 : 4 });
    const code = endUserCode(ctx.organizationId, "ada");
    const kept = { keep: ["ada"], hash: [code], drop: [] }[mode];
    expect(await namesIn("usage_events", ctx)).toEqual(kept);
    await v1.plane.meter.settled();
    expect(await namesIn("usage_sums", ctx)).toEqual(kept);
  }
  await verified();
});

test("contract 45, T-4.2.1-EU: the body that is kept names no one otherwise than the log does", async () => {
  const canary = "the end user of the canary";
  for (const [mode, isThere] of [
    ["keep", true],
    ["hash", false],
    ["drop", false],
  ] as const) {
    const { ctx, secret } = await customer(mode);
    await chat(secret, { user: canary, metadata: { user_id: canary, topic: "seven teapots" } });
    const looked = (words: string) => isInContentLog(systemContext("test"), ctx, words);
    await expect.poll(() => looked("seven teapots")).toBe(true);
    expect(await looked(canary)).toBe(isThere);
    expect(await looked(endUserCode(ctx.organizationId, canary))).toBe(mode === "hash");
  }
});

test("contract 45, T-4.2.1-EU: one name has one code in an organization, another elsewhere, and the log finds it by the name", async () => {
  const [{ ctx, secret }, other] = [await customer("hash"), await customer("hash")];
  for (const one of [secret, secret, other.secret]) await chat(one, { user: "grace" });
  await v1.plane.meter.settled();
  const [code = ""] = await namesIn("usage_events", ctx);
  expect(code).toMatch(/^eu_[\w-]{26}$/);
  expect(await namesIn("usage_events", other.ctx)).not.toEqual([code]);
  for (const filter of [{ end_user: "grace" }, { end_user: code }, { q: "grace" }])
    expect((await requestsOf(ctx, { ...all, ...filter })).requests.map(({ endUser }) => endUser)).toEqual([code, code]);
  expect((await requestsOf(ctx, { ...all, end_user: "someone" })).requests).toEqual([]);
});

test("contract 45, T-4.2.1-EU: what one process is told, all know within a second, and old requests stay as they were", async () => {
  const { ctx, secret } = await customer("keep");
  await chat(secret, { user: "before" });
  await setEndUserMode(ctx, { mode: "drop" });
  await expect
    .poll(
      async () => {
        await chat(secret, { user: `after-${newId("request", now())}` });
        await v1.plane.meter.settled();
        const [last] =
          await sql`select end_user from usage_events where organization_id = ${ctx.organizationId} order by id desc limit 1`;
        return last?.end_user;
      },
      { timeout: 1000 },
    )
    .toBe(null);
  expect(await namesIn("usage_events", ctx)).toContain("before");
});

test("contract 45, T-4.2.1-EU: to forget one takes their name and their code off events and sums, with a receipt, and no figure else changes", async () => {
  const { ctx, secret } = await customer("keep");
  const colleague = await customer("keep");
  for (const one of [secret, colleague.secret]) await chat(one, { user: "vera" });
  await chat(secret, { user: "vera" });
  await setEndUserMode(ctx, { mode: "hash" });
  const code = endUserCode(ctx.organizationId, "vera");
  await expect
    .poll(async () => {
      await chat(secret, { user: "vera" });
      await v1.plane.meter.settled();
      return namesIn("usage_events", ctx);
    })
    .toContain(code);
  await chat(secret, { user: "wilma" });
  await v1.plane.meter.settled();
  const totals = () =>
    sql`select dimension, sum(requests)::int as requests, sum(cost_pico)::text as cost from usage_sums
      where organization_id = ${ctx.organizationId} and dimension <> 'end_user' group by 1 order by 1`;
  const before = await totals();
  const { requests, receipt } = await forgetEndUser(ctx, { end_user: "vera" });
  expect(requests).toBeGreaterThanOrEqual(3);
  const wilma = [endUserCode(ctx.organizationId, "wilma")];
  expect(await namesIn("usage_events", ctx)).toEqual(wilma);
  expect(await namesIn("usage_sums", ctx)).toEqual(wilma);
  expect([...(await totals())]).toEqual([...before]);
  expect(await namesIn("usage_events", colleague.ctx)).toEqual(["vera"]);
  const { body } = await deletionReceipt(ctx, receipt as never);
  expect(body).toMatchObject({
    clause: "T-4.2.1-EU",
    targets: [{ kind: "end user", id: code }],
    removed: [{ class: "request-log", items: requests }],
  });
  expect(
    JSON.stringify(await sql`select * from audit_events where organization_id = ${ctx.organizationId}`),
  ).not.toContain("vera");
  expect(await forgetEndUser(ctx, { end_user: "vera" })).toEqual({ requests: 0, receipt: null });
  await verified();
});

test("contract 45: forgetting while requests settle leaves sums that are their events'", async () => {
  const { ctx, secret } = await customer("keep");
  const asking = Promise.all(Array.from({ length: 40 }, () => chat(secret, { user: "busy" })));
  for (let time = 0; time < 5; time++) await forgetEndUser(ctx, { end_user: "busy" });
  await asking;
  await v1.plane.meter.settled();
  await verified();
  await forgetEndUser(ctx, { end_user: "busy" });
  expect(await namesIn("usage_events", ctx)).toEqual([]);
  await verified();
});

test("contract 45, T-4.2.1-EU: a name that only looks like a code is a name, and is on no receipt", async () => {
  const { ctx, secret } = await customer("keep");
  await chat(secret, { user: "eu_vera" });
  await v1.plane.meter.settled();
  const { requests, receipt } = await forgetEndUser(ctx, { end_user: "eu_vera" });
  expect(requests).toBe(1);
  const { body } = await deletionReceipt(ctx, receipt as never);
  expect(body.targets).toEqual([{ kind: "end user", id: endUserCode(ctx.organizationId, "eu_vera") }]);
});
