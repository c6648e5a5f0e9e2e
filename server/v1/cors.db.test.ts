import { afterAll, expect, test, vi } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { DatabaseWatch } from "#db/watch.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { parse } from "#lib/core/env.ts";
import { createAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { createKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { deleteOrganization } from "#lib/domain/leaving/organization/commands.ts";
import { setWebOrigins } from "#lib/domain/organizations/web-origins/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { openFront } from "#server/front.ts";
import { keyOf, openV1, rawAsk } from "./testing.ts";

const { db, sql } = await testDatabase();
const operators = "https://intranet.example";
// Two processes: the operator opened one of them to pages of an origin with any key.
const open = await openV1(sql, undefined, { environment: { CORS_ORIGINS: operators } });
const plain = await openV1(sql);
afterAll(async () => {
  await open.close();
  await plain.close();
});
const [ask, askPlain] = [rawAsk(open.port), rawAsk(plain.port)];

type Answer = Awaited<ReturnType<typeof ask>>;
const allowed = ({ headers }: Answer) => headers["access-control-allow-origin"];
const codeOf = ({ text }: Answer): string => (text.startsWith("{") ? (JSON.parse(text).code ?? "") : "");
const chat = { model: "small", messages: [{ role: "user", content: "hi" }] };
const pages = { scopes: ["completions:create" as const, "models:read" as const], browser: true };

const from = (origin: string | undefined, secret?: string): Record<string, string> => ({
  ...(origin !== undefined && { origin }),
  ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
});
const preflight = (origin: string) => ({
  headers: {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,x-one",
  },
});

const aboutPages = ({ headers }: Answer) => Object.keys(headers).filter((name) => /^access-control|^vary$/.test(name));
const beforeAnyList: string[][] = [];
for (const method of ["OPTIONS", "GET", "POST"])
  for (const path of ["/v1/models", "/v1/nothing", "/chat/completions"])
    beforeAnyList.push(aboutPages(await askPlain(method, path, preflight("https://one.example"))));

const [one, two] = [await testWorkspace(db), await testWorkspace(db)];
await setWebOrigins(one, { origins: ["https://one.example", "http://localhost:3000"] });
await setWebOrigins(two, { origins: ["https://two.example"] });
// The tries come faster than a customer's.
await sql`insert into rate_overrides (organization_id, id, requests_per_second, source, reason, created_at, created_by)
  values (${one.organizationId}, ${newId("override", one.now)}, 10000, 'staff', 'test', now(), 'test')`;
const listed = ["https://one.example", "http://localhost:3000", "https://two.example", operators];
const foreign = [
  "null",
  "https://evil.example",
  "https://one.example.evil.example",
  "http://one.example",
  "https://one.example:8443",
  "HTTPS://ONE.EXAMPLE",
  "https://one.example/",
  "https://one.example, https://evil.example",
  "*",
];
// Until both processes have heard of them.
for (const asking of [ask, askPlain])
  await vi.waitFor(async () =>
    expect(allowed(await asking("OPTIONS", "/v1", preflight("https://two.example")))).toBeDefined(),
  );

test("without any list, nothing of an answer is about pages", () => {
  expect(beforeAnyList).toHaveLength(9);
  expect(beforeAnyList.flat()).toEqual([]);
});

test("the preflight of a listed origin is answered wherever it goes, and of no other", async () => {
  for (const path of ["/v1/chat/completions", "/v1/models/", "/v1/nothing", "/v1/agents/%ff", "/chat/completions"]) {
    for (const origin of listed) {
      const answer = await ask("OPTIONS", path, preflight(origin));
      expect([path, answer.status, answer.text]).toEqual([path, 204, ""]);
      expect(answer.headers).toMatchObject({
        "access-control-allow-origin": origin,
        "access-control-allow-headers": "authorization,x-one",
        "access-control-max-age": "600",
        vary: "origin",
        "x-request-id": expect.stringMatching(/^req_/),
      });
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
        expect(answer.headers["access-control-allow-methods"]).toContain(method);
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    }
    for (const origin of foreign) {
      const answer = await ask("OPTIONS", path, preflight(origin));
      expect([path, origin, allowed(answer), answer.headers.vary]).toEqual([path, origin, undefined, "origin"]);
    }
  }
});

type Key = { secret: string | undefined; origins: readonly string[] | "operator's" | "refused" };

/** What has to come of a request, from whose key and which page it is alone. */
function expected({ origins }: Key, origin: string | undefined, isOperators: boolean) {
  const isListed = origin !== undefined && listed.includes(origin) && (isOperators || origin !== operators);
  if (origins === "refused") return { status: 401, isReadable: isListed };
  if (origins === "operator's") return { status: 200, isReadable: isOperators && origin === operators };
  const isOwn = origin !== undefined && origins.includes(origin);
  return { status: isOwn ? 200 : 403, isReadable: isListed };
}

const keys: Key[] = [
  { secret: await keyOf(one, pages), origins: ["https://one.example", "http://localhost:3000"] },
  {
    secret: await keyOf(one, { ...pages, isService: true }),
    origins: ["https://one.example", "http://localhost:3000"],
  },
  { secret: await keyOf(two, pages), origins: ["https://two.example"] },
  { secret: await keyOf(one, { scopes: pages.scopes }), origins: "operator's" },
  { secret: undefined, origins: "refused" },
  { secret: `cpt_${"x".repeat(49)}`, origins: "refused" },
];
const asked = keys.flatMap((key) =>
  [undefined, ...listed, ...foreign].flatMap((origin) =>
    [true, false].map((isOperators) => ({ key, origin, isOperators })),
  ),
);

test.each([
  ["GET", "/v1/models", undefined],
  ["HEAD", "/v1/models/small", undefined],
  ["POST", "/v1/chat/completions", chat],
  ["POST", "/v1/chat/completions", { ...chat, stream: true }],
  ["POST", "/v1/responses", { model: "small", input: "hi", store: false, stream: true }],
])("%s %s %j: with every kind of key, a page reads what its own list lets it", async (method, path, body) => {
  for (const { key, origin, isOperators } of asked) {
    const asking = isOperators ? ask : askPlain;
    const answer = await asking(method, path, {
      headers: from(origin, key.secret),
      ...(body && { body: JSON.stringify(body) }),
    });
    const { status, isReadable } = expected(key, origin, isOperators);
    expect({ origin, status: answer.status, allowed: allowed(answer), vary: answer.headers.vary }).toEqual({
      ...{ origin, status, vary: "origin" },
      allowed: isReadable ? origin : undefined,
    });
    expect(answer.headers["access-control-expose-headers"]).toBe(isReadable ? "*" : undefined);
    expect(codeOf(answer) === "origin_not_allowed").toBe(status === 403 && method !== "HEAD");
  }
});

test("a refused page is told what is wrong, and what to do", async () => {
  const secret = await keyOf(one, pages);
  const told = async (origin?: string) =>
    JSON.parse((await ask("GET", "/v1/models", { headers: from(origin, secret) })).text).message;
  expect(await told()).toMatch(/no Origin header.*another key in programs/);
  expect(await told("https://two.example")).toMatch(/https:\/\/two.example is not an origin.*Settings, Web pages/);
});

test("whatever is refused can be read by the page it is refused to", async () => {
  const origin = "https://one.example";
  const headers = from(origin, await keyOf(one, pages));
  const refused: [string, string, number, object?][] = [
    ["GET", "/v1/nothing", 404],
    ["GET", "/v1/v1/models", 404],
    ["GET", "/models", 404],
    ["PUT", "/v1/models", 405],
    ["GET", "/v1/agents/%ff", 400],
    ["GET", "/v1/models?api_key=x", 400],
    ["GET", "/v1/agents", 403],
    ["GET", "/v1/conversations", 403],
    ["GET", "/v1/admin/users", 401],
    ["POST", "/v1/embeddings", 403, { body: "{}" }],
    ["POST", "/v1/chat/completions", 422, { body: "{" }],
    ["POST", "/v1/chat/completions", 413, { body: `"${"x".repeat(20_000_001)}"` }],
    ["POST", "/v1/chat/completions", 415, { headers: { ...headers, "content-encoding": "rot13" }, body: "{}" }],
    ["POST", "/v1/chat/completions", 400, { body: JSON.stringify({ ...chat, model: "none" }) }],
  ];
  for (const [method, path, status, more] of refused) {
    const answer = await askPlain(method, path, { headers, ...more });
    expect([method, path, answer.status, allowed(answer)]).toEqual([method, path, status, origin]);
  }
});

test("an admin key is not for pages: only the operator's list opens its answers", async () => {
  const { secret } = await createAdminKey(one, { name: "k", access: "read", expires: null });
  const from = async (origin: string) => {
    const answer = await ask("GET", "/v1/admin/web-origins", { headers: { origin, "x-api-key": secret } });
    return [answer.status, allowed(answer)];
  };
  expect(await from("https://one.example")).toEqual([200, undefined]);
  expect(await from(operators)).toEqual([200, operators]);
});

test("a change of the list, or of a key, holds in every process within a second", async () => {
  const ctx = await testWorkspace(db);
  const origin = "https://later.example";
  await setWebOrigins(ctx, { origins: ["https://earlier.example"] });
  const old = await createKey(ctx, { ...pages, name: "k", models: null, addresses: null, expiresInDays: null });
  const { secret } = await rotateKey(ctx, { id: old.id, grace: "hour" });
  const state = async () =>
    Promise.all(
      [ask, askPlain].map(async (asking) => {
        const asked = await asking("OPTIONS", "/v1/models", preflight(origin));
        const answers = await Promise.all(
          [old.secret, secret].map((key) => asking("GET", "/v1/models", { headers: from(origin, key) })),
        );
        return [allowed(asked), ...answers.map(({ status }) => status)];
      }),
    );
  const soon = (want: unknown) => expect.poll(state, { interval: 20, timeout: 1000 }).toEqual([want, want]);
  await soon([undefined, 403, 403]);
  await setWebOrigins(ctx, { origins: [origin] });
  await soon([origin, 200, 200]);
  await setWebOrigins(ctx, { origins: [] });
  await soon([undefined, 403, 403]);
  await setWebOrigins(ctx, { origins: [origin] });
  await soon([origin, 200, 200]);
  await deleteOrganization(inWorkspace(ctx, ctx.workspaceId), { name: "Test" });
  await soon([undefined, 403, 403]);
  // Refused for its end now, which says more than that its keys were ended with it.
  const answer = await ask("GET", "/v1/models", { headers: from(origin, secret) });
  expect(answer.text).toContain("organization_terminated");
});

test("an origin of one organization stays listed while another still has it", async () => {
  const [ours, theirs] = [await testWorkspace(db), await testWorkspace(db)];
  const origin = "https://shared.example";
  for (const ctx of [ours, theirs]) await setWebOrigins(ctx, { origins: [origin] });
  const [mine, other] = [await keyOf(ours, pages), await keyOf(theirs, pages)];
  await setWebOrigins(ours, { origins: [] });
  const status = async (key: string) => (await ask("GET", "/v1/models", { headers: from(origin, key) })).status;
  await expect.poll(() => status(mine), { interval: 20, timeout: 1000 }).toBe(403);
  expect(await status(other)).toBe(200);
  expect(allowed(await ask("OPTIONS", "/v1/models", preflight(origin)))).toBe(origin);
});

test("while the database is away, pages can read that it is", async () => {
  const watch = new DatabaseWatch("postgres://127.0.0.1:1/none");
  const { plane } = open;
  const front = await openFront({ env: parse({ ...process.env, PORT: "0" }), plane, watch, consolePort: undefined });
  const asking = rawAsk(front.port);
  const origin = "https://one.example";
  await expect.poll(async () => (await asking("GET", "/v1/models", { headers: { origin } })).status).toBe(503);
  expect(allowed(await asking("GET", "/v1/models", { headers: { origin } }))).toBe(origin);
  expect((await asking("OPTIONS", "/v1/models", preflight(origin))).status).toBe(204);
  await front.close();
  await watch.stop();
});
