import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { scopes } from "#lib/core/access/roles.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { beginEnding, withdrawEnding } from "#lib/domain/agreements/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const [one, other] = [await openV1(sql), await openV1(sql)];
const slow = await openV1(sql, {
  text: ["Once", " upon"],
  promptTokens: 10,
  completionTokens: 2,
  failure: "hang-in-stream",
  failAfter: 2,
});
afterAll(() => Promise.all([one, other, slow].map((v1) => v1.close())));

let ctx: Context;
let secret: string;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  secret = await keyOf(ctx, { scopes: [...scopes] });
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
});

const messages = [{ role: "user", content: "Hi" }];
const chat = (v1 = one) => v1.ask(secret, "POST", "/v1/chat/completions", { model: "small", messages, max_tokens: 5 });
const end = (endsAt: Date) =>
  transaction(ctx, (ctx) => beginEnding({ ...ctx, now: addMinutes(endsAt, -1) }, { kind: "disagreement", endsAt }));

test("contract 25, T-6-EFF: at the instant the agreement ends two processes refuse, without any job, and not before", async () => {
  const endsAt = new Date(now().getTime() + 1500);
  await end(endsAt);
  const models = (v1: typeof one) => v1.ask(secret, "GET", "/v1/models");
  const seen = { before: 0, after: 0 };
  for (const v1 of [one, other]) {
    let asked = now();
    for (let answer = await models(v1); answer.status === 200; answer = await models(v1)) {
      seen.before += 1;
      expect(asked < endsAt).toBe(true);
      asked = now();
    }
    const refused = await models(v1);
    expect(now() >= endsAt).toBe(true);
    expect(refused).toMatchObject({ status: 403, body: { code: "organization_terminated" } });
    expect(refused.body.agreement_url).toMatch(/\/agreement$/);
    seen.after += 1;
  }
  expect(seen.before).toBeGreaterThan(1);
  expect(seen.after).toBe(2);
  const [organization] = await sql`select status from organizations where id = ${ctx.organizationId}`;
  expect(organization?.status).toBe("active");
});

test("contract 25: an end that comes without notice, and one that is withdrawn, reach every process in a second", async () => {
  expect((await chat()).status).toBe(200);
  await end(addMinutes(now(), 60));
  await sql`update agreements set ends_at = now() where organization_id = ${ctx.organizationId}`;
  for (const v1 of [one, other])
    await expect.poll(async () => (await chat(v1)).status, { timeout: 1000, interval: 20 }).toBe(403);
  await sql`update terminations set ends_at = now() + interval '1 hour' where organization_id = ${ctx.organizationId}`;
  await transaction(ctx, withdrawEnding);
  for (const v1 of [one, other])
    await expect.poll(async () => (await chat(v1)).status, { timeout: 1000, interval: 20 }).toBe(200);
});

test("T-4.2.1-KEY3, T-6-EFF: what ended with the agreement says so, and not that its key was revoked", async () => {
  await sql`update keys set revoked_at = now(), revoked_reason = 'terminated' where organization_id = ${ctx.organizationId}`;
  await sql`update organizations set status = 'terminated' where id = ${ctx.organizationId}`;
  expect(await chat()).toMatchObject({ status: 403, body: { code: "organization_terminated" } });
});

test("contract 27, T-6-EFF: a stream is cut a minute after the end, told why, and billed what was sent", async () => {
  const asked = { model: "small", messages, max_tokens: 5, stream: true };
  const response = await slow.send(secret, "POST", "/v1/chat/completions", asked);
  const reader = response.body?.getReader();
  const first = Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(first).toContain("Once");
  // As if the agreement had ended 59 seconds ago, while this was under way.
  await sql`update agreements set ended_at = now() - interval '59 seconds' where organization_id = ${ctx.organizationId}`;
  let rest = "";
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    rest += Buffer.from(part.value).toString();
  expect(rest).toContain('"code":"organization_terminated"');
  expect(rest).not.toContain("[DONE]");
  const [event] = await slow.counted(ctx.organizationId);
  expect(event).toMatchObject({ outcome: "aborted", status: 200 });
  expect(Number(event?.cost)).toBeGreaterThan(0);
});

test("contract 27: an answer in one piece that is not there a minute after the end is a refusal", async () => {
  slow.script.push({ failure: "hang" });
  const hanging = slow.ask(secret, "POST", "/v1/chat/completions", { model: "small", messages, max_tokens: 5 });
  await slow.upstream.arrival(slow.upstream.requests.length + 1);
  await sql`update agreements set ended_at = now() - interval '2 minutes' where organization_id = ${ctx.organizationId}`;
  expect(await hanging).toMatchObject({ status: 403, body: { code: "organization_terminated" } });
});
