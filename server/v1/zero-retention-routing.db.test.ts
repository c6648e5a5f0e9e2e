import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { requestZeroRetention } from "#lib/domain/zero-retention/commands.ts";
import { approveZeroRetention, claimZeroRetention } from "#lib/domain/zero-retention/desk/commands.ts";
import { type FakeAnswer, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { zeroRetentionAsk, zeroRetentionDesk } from "#lib/testing/zero-retention.ts";
import { keyOf, openV1, unlimited } from "./testing.ts";

const { db, sql } = await testDatabase();
const loud = await startFakeUpstream({ answer: { text: ["loud"] } });
const price = { input: 1, output: 3 };
const features = { parameters: ["user", "metadata", "prompt_cache_key", "top_k"] };
// The one that keeps things goes first for one model, and is the only one of another.
const models = [
  { id: "small", price },
  { id: "loud-only", price },
];
const v1 = await openV1(sql, undefined, { features, upstreams: [{ id: "loud", url: loud.url, features, models }] });
afterAll(async () => {
  await v1.close();
  await loud.close();
});

const chat = { model: "small", messages: [{ role: "user", content: "Hello" }] };
const require = { "x-zero-retention": "require" };

async function place(isFlagged: boolean): Promise<{ ctx: Context; secret: string }> {
  const ctx = await testWorkspace(db);
  if (isFlagged) await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  return { ctx, secret: await keyOf(ctx, { scopes: [...unlimited.scopes, "models:read"] }) };
}

async function grant(ctx: Context, scope: string): Promise<void> {
  const desk = await zeroRetentionDesk(db, ctx);
  const id = await requestZeroRetention(ctx, zeroRetentionAsk({ scope }));
  await claimZeroRetention(desk, { id });
  await approveZeroRetention(desk, { id, reason: "The contract asks for it." });
}

test("help-zdr 14, T-4.2.2.2-ZDR4: in 1,000 random requests under zero retention no upstream that keeps things is called, retries included", async () => {
  const { secret } = await place(true);
  const asked = fc.record({
    model: fc.constantFrom("small", "large", "loud-only"),
    stream: fc.boolean(),
    fate: fc.constantFrom<FakeAnswer>({}, { status: 500 }, { status: 429 }, { failure: "drop" }),
    path: fc.constantFrom("/v1/chat/completions", "/v1/responses"),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ model, stream, fate, path }) => {
      v1.script.push(fate);
      const body = path.endsWith("responses")
        ? { model, input: "Hello", stream, store: false }
        : { ...chat, model, stream };
      const answer = await v1.send(secret, "POST", path, body);
      const text = await answer.text();
      v1.script.length = 0;
      expect(loud.requests).toHaveLength(0);
      if (model === "loud-only")
        expect([answer.status, text]).toEqual([403, expect.stringContaining("no_zdr_upstream")]);
    }),
    { numRuns: 1000 },
  );
}, 240_000);

test("help-zdr 14, T-4.2.2.2-ZDR4: under zero retention an upstream is told of no side field, and elsewhere of those it takes", async () => {
  const side = { user: "ada", metadata: { trip: "rennes" }, prompt_cache_key: "ck", top_k: 5 };
  const [quiet, open] = [await place(true), await place(false)];
  await v1.ask(quiet.secret, "POST", "/v1/chat/completions", { ...chat, ...side });
  expect(v1.lastAsked()).toMatchObject({ top_k: 5 });
  for (const name of ["user", "metadata", "prompt_cache_key"]) expect(v1.lastAsked()).not.toHaveProperty(name);
  await v1.ask(open.secret, "POST", "/v1/chat/completions", { ...chat, ...side, model: "large" });
  expect(v1.lastAsked()).toMatchObject({ top_k: 5 });
  expect(["user", "metadata", "prompt_cache_key"].some((name) => name in v1.lastAsked())).toBe(true);
});

test("T-4.2.2.2-ZDR4: /v1/models lists what an upstream that keeps nothing serves", async () => {
  const listed = async (secret: string, headers?: Record<string, string>) => {
    const { body } = await v1.ask(secret, "GET", "/v1/models", undefined, headers);
    return (body.data as { id: string }[]).map(({ id }) => id).toSorted();
  };
  const [quiet, open] = [await place(true), await place(false)];
  expect(await listed(quiet.secret)).toEqual(["large", "small"]);
  expect(await listed(open.secret)).toEqual(["large", "loud-only", "small"]);
  expect(await listed(open.secret, { "x-zero-retention": "upstream" })).toEqual(["large", "small"]);
});

test("help-zdr 20, T-4.2.2.2-ZDR2: x-zero-retention: require is refused unless it was approved, and keeps nothing of the request then", async () => {
  const { ctx, secret } = await place(false);
  const ask = (headers: Record<string, string>) => v1.ask(secret, "POST", "/v1/chat/completions", chat, headers);
  expect(await ask(require)).toMatchObject({ status: 403, body: { type: "zdr_not_granted" } });
  expect(await ask({ "x-zero-retention": "maybe" })).toMatchObject({ status: 400 });
  const routed = await ask({ "x-zero-retention": "upstream" });
  expect([routed.status, routed.headers.get("x-content-retention")]).toEqual([200, "30d"]);
  await grant(ctx, "on_request");
  await expect.poll(async () => (await ask(require)).status).toBe(200);
  expect((await ask(require)).headers.get("x-content-retention")).toBe("none");
  expect((await ask({})).headers.get("x-content-retention")).toBe("30d");
  const refused = await v1.ask(secret, "POST", "/v1/conversations", { model: "small", inputs: "Hello" }, require);
  expect(refused).toMatchObject({ status: 403, body: { code: "zdr_incompatible" } });
});

test("help-zdr 20, T-4.2.2.2-ZDR2: under a flag of the workspace require asks for what is there anyway", async () => {
  const { ctx, secret } = await place(false);
  await grant(ctx, ctx.workspaceId);
  await expect.poll(async () => (await v1.ask(secret, "POST", "/v1/chat/completions", chat, require)).status).toBe(200);
});
