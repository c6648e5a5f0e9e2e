import { afterAll, expect, test } from "vitest";
import { idOfUuid, newId, uuidOf } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/access/testing.ts";
import { createAdminKey, revokeAdminKey } from "#lib/admin-keys/commands.ts";
import type { Context } from "#lib/context.ts";
import { openDataPlane } from "#lib/data-plane.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { parse } from "#lib/env.ts";
import { createKey } from "#lib/keys/commands.ts";
import { publishCatalogue } from "#lib/models/commands.ts";
import { openFront } from "#server/front.ts";
import { systemContext } from "#server/system-context.ts";

const { db, sql } = await testDatabase();
const models = [{ id: "m", price: { input: 1, output: 2 } }];
const upstreams = [{ id: "none", url: "http://127.0.0.1:9/v1", models }];
const env = parse({ ...process.env, PORT: "0", EMBEDDED_MODELS: "off", UPSTREAMS: JSON.stringify(upstreams) });
await publishCatalogue(systemContext("test"), servedModels(env));
const plane = await openDataPlane(sql, env);
const front = await openFront({ env, plane, consolePort: undefined });
afterAll(async () => {
  await front.close();
  await plane.close();
});

type Asked = { method?: string; key?: string; headers?: Record<string, string>; body?: unknown };

async function ask(path: string, { method = "GET", key = "", headers, body }: Asked = {}) {
  const answer = await fetch(`http://127.0.0.1:${front.port}${path}`, {
    method,
    headers: headers ?? { "x-api-key": key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: what a program reads has no type
  return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as any) };
}

/** An organization with an admin key, and one more person in it. */
async function customer(access: "read" | "write" = "write") {
  const ctx = await testWorkspace(db);
  const made = await createAdminKey(ctx, { name: "automation", access, expires: null });
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  return { ctx, colleague, key: made.secret, id: made.id };
}

const ids = (ctx: Context) => ({ user: uuidOf(ctx.actor.id as never), workspace: uuidOf(ctx.workspaceId) });

test("ids have the form of UUIDs on the wire, and are the same both ways", () => {
  for (let i = 0; i < 200; i++) {
    const id = newId("workspace", new Date(Date.UTC(2026, i % 12, 1 + (i % 28))));
    expect(uuidOf(id)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(idOfUuid("workspace", uuidOf(id))).toBe(id);
  }
  for (const wrong of ["", "x", "org_1", uuidOf(newId("user", new Date())).slice(1)])
    expect(idOfUuid("workspace", wrong)).toBeNull();
});

test("an admin key is no good for models, an API key none for administering, and no key none for either", async () => {
  const { ctx, key } = await customer();
  const { secret } = await createKey(ctx, {
    name: "k",
    scopes: ["models:read"],
    models: null,
    addresses: null,
    expiresInDays: null,
  });
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  expect((await ask("/v1/admin/users", bearer(secret))).body.message).toContain("asking models only");
  expect((await ask("/v1/admin/users", { key: secret })).status).toBe(401);
  const models = await ask("/v1/models", bearer(key));
  expect([models.status, models.body.message]).toEqual([401, expect.stringContaining("admin key")]);
  expect((await ask("/v1/models", bearer(secret))).status).toBe(200);
  expect((await ask("/v1/admin/users", bearer(key))).status).toBe(200);
  for (const nobody of [{}, { key: "" }, { key: `${key.slice(0, -1)}_` }, { headers: {} }])
    expect((await ask("/v1/admin/users", nobody)).status).toBe(401);
  expect((await ask(`/v1/admin/users?api_key=${key}`, { key })).body.code).toBe("key_in_url");
});

test("a key that looks changes nothing", async () => {
  const { ctx, colleague, key } = await customer("read");
  expect((await ask("/v1/admin/spend-limit", { key })).status).toBe(200);
  const tries: [string, string, unknown?][] = [
    ["DELETE", `/v1/admin/users/${ids(colleague).user}`],
    ["PATCH", `/v1/admin/users/${ids(colleague).user}`, { role_names: ["organization_admin"] }],
    ["POST", "/v1/admin/users-invite", { email: "new@example.com" }],
    ["POST", "/v1/admin/workspaces", { name: "x", admin_user_id: ids(ctx).user }],
    ["DELETE", `/v1/admin/workspaces/${ids(ctx).workspace}`],
    ["POST", "/v1/admin/spend-limit", { amount: 5 }],
    ["POST", "/v1/admin/api-keys", { workspace_uuid: ids(ctx).workspace, user_id: ids(ctx).user }],
  ];
  for (const [method, path, body] of tries)
    expect({ path, status: (await ask(path, { method, key, body })).status }).toEqual({ path, status: 403 });
});

test("a revoked key, and one whose maker is no admin any more, is out on its next request", async () => {
  const { ctx, key, id } = await customer();
  await sql`update members set roles = '{member}' where organization_id = ${ctx.organizationId} and user_id = ${ctx.actor.id}`;
  expect((await ask("/v1/admin/users", { key })).body.code).toBe("maker_is_no_admin");
  await sql`update members set roles = '{member,organization_admin}' where organization_id = ${ctx.organizationId} and user_id = ${ctx.actor.id}`;
  expect((await ask("/v1/admin/users", { key })).status).toBe(200);
  await revokeAdminKey(ctx, { id });
  expect((await ask("/v1/admin/users", { key })).status).toBe(401);
});

test("what belongs to another organization is not there, whatever is asked", async () => {
  const [mine, theirs] = [await customer(), await customer()];
  const { secret: _, id: theirKey } = await createKey(theirs.ctx, {
    name: "k",
    scopes: ["models:read"],
    models: null,
    addresses: null,
    expiresInDays: null,
  });
  const { key } = mine;
  const [person, place] = [ids(theirs.colleague).user, ids(theirs.ctx).workspace];
  const tries: [string, string, unknown?][] = [
    ["GET", `/v1/admin/users/${person}`],
    ["PATCH", `/v1/admin/users/${person}`, { role: "A" }],
    ["DELETE", `/v1/admin/users/${person}`],
    ["PATCH", `/v1/admin/workspaces/${place}`, { name: "mine now" }],
    ["DELETE", `/v1/admin/workspaces/${place}`],
    ["POST", `/v1/admin/workspaces/${place}/add-users`, { members: [{ user_uuid: ids(mine.colleague).user }] }],
    ["PATCH", `/v1/admin/workspaces/${ids(mine.ctx).workspace}/users`, { members: [{ user_uuid: person }] }],
    ["POST", "/v1/admin/api-keys", { workspace_uuid: place, user_id: ids(mine.ctx).user }],
    ["POST", "/v1/admin/api-keys", { workspace_uuid: ids(mine.ctx).workspace, user_id: person }],
    ["DELETE", `/v1/admin/api-keys/${uuidOf(theirKey)}`],
    ["POST", "/v1/admin/workspaces", { name: "new", admin_user_id: person }],
  ];
  for (const [method, path, body] of tries)
    expect({ method, path, status: (await ask(path, { method, key, body })).status }).toEqual({
      method,
      path,
      status: 404,
    });
  const { body } = await ask("/v1/admin/users?page_size=100", { key });
  expect(body.members.map(({ uuid }: { uuid: string }) => uuid).toSorted()).toEqual(
    [ids(mine.ctx).user, ids(mine.colleague).user].toSorted(),
  );
  expect((await ask(`/v1/admin/usage?workspace_id=${place}`, { key })).body.completion).toEqual({ models: {} });
});

test("people: listed, found, given roles, invited, withdrawn, removed", async () => {
  const { ctx, colleague, key } = await customer();
  const { user } = ids(colleague);
  const found = (await ask(`/v1/admin/users/${user}`, { key })).body;
  expect(found).toMatchObject({ uuid: user, raw_role: "M", first_name: "Test", last_name: "Person" });
  expect(found.workspaces).toMatchObject([{ uuid: ids(ctx).workspace, role_names: ["dev"], raw_role: "M" }]);
  const changed = await ask(`/v1/admin/users/${user}`, { method: "PATCH", key, body: { role: "B" } });
  expect(changed.body.role_names).toEqual(["member", "billing_manager"]);
  const invitation = {
    email: "Ada@Example.com",
    role_name: "organization_admin",
    workspace_uuids: [ids(ctx).workspace],
  };
  expect((await ask("/v1/admin/users-invite", { method: "POST", key, body: invitation })).body).toEqual({
    invalid_emails: [],
    already_members: [],
    invited_members_count: 1,
  });
  const [open] = (await ask("/v1/admin/users-invite", { key })).body;
  expect(open).toMatchObject({ email: "ada@example.com", role: "A" });
  const listed = (await ask("/v1/admin/users?email=ada@example.com", { key })).body;
  expect([listed.members, listed.invites.length]).toEqual([[], 1]);
  expect((await ask(`/v1/admin/users-invite/${open.invite_uuid}`, { method: "DELETE", key })).status).toBe(200);
  expect((await ask("/v1/admin/users-invite", { key })).body).toEqual([]);
  const again = { email: (colleague.actor as { email: string }).email };
  expect((await ask("/v1/admin/users-invite", { method: "POST", key, body: again })).body.already_members.length).toBe(
    1,
  );
  expect((await ask(`/v1/admin/users/${user}`, { method: "DELETE", key })).status).toBe(200);
  expect((await ask(`/v1/admin/users/${user}`, { key })).status).toBe(404);
  const last = await ask(`/v1/admin/users/${ids(ctx).user}`, { method: "DELETE", key });
  expect([last.status, last.body.code]).toEqual([409, "last_admin"]);
  const { body: roles } = await ask("/v1/admin/roles", { key });
  expect(roles.organization_roles.map(({ name }: { name: string }) => name)).toContain("billing_manager");
  expect(new Set([...roles.organization_roles, ...roles.workspace_roles].map(({ uuid }) => uuid)).size).toBe(7);
});

test("workspaces: made with an admin, renamed, peopled, archived", async () => {
  const { ctx, colleague, key } = await customer();
  const make = { name: "Research", admin_user_id: ids(colleague).user };
  const { body: made } = await ask("/v1/admin/workspaces", { method: "POST", key, body: make });
  expect(made).toMatchObject({
    name: "Research",
    is_default: false,
    raw_role: "A",
    spend_limit: { no_monthly_limit: true },
  });
  const path = `/v1/admin/workspaces/${made.uuid}`;
  expect((await ask(path, { method: "PATCH", key, body: { name: "Labs" } })).body.name).toBe("Labs");
  const person = { user_uuid: ids(ctx).user };
  const added = { members: [{ ...person, role_name: "observability_viewer" }] };
  expect((await ask(`${path}/add-users`, { method: "POST", key, body: added })).body).toEqual({
    added_members_count: 1,
  });
  const put = { members: [{ ...person, role: "A" }] };
  expect((await ask(`${path}/users`, { method: "PATCH", key, body: put })).body).toEqual({
    added_members_count: 0,
    updated_members_count: 1,
  });
  const out = { members: [person, { user_uuid: ids(colleague).user }] };
  const removed = await ask(`${path}/remove-users`, { method: "DELETE", key, body: out });
  expect(removed.body).toEqual({ deleted_members_count: 2, not_deleted_members: [] });
  const listed = await ask("/v1/admin/workspaces?search=lab", { key });
  expect(listed.body).toMatchObject({ total: 1, object: "list", items: [{ uuid: made.uuid }] });
  expect((await ask(path, { method: "DELETE", key })).status).toBe(204);
  expect((await ask("/v1/admin/workspaces?search=lab", { key })).body.total).toBe(0);
  expect((await ask("/v1/admin/workspaces?search=lab&is_archived=true", { key })).body.total).toBe(1);
  const standard = await ask(`/v1/admin/workspaces/${ids(ctx).workspace}`, { method: "DELETE", key });
  expect([standard.status, standard.body.code]).toEqual([409, "default_workspace"]);
});

test("API keys: made with a secret that is shown once and works, listed without it, revoked", async () => {
  const { ctx, key } = await customer();
  const body = {
    name: "From a program",
    expiration: "2027-03-01",
    workspace_uuid: ids(ctx).workspace,
    user_id: ids(ctx).user,
  };
  const { body: made } = await ask("/v1/admin/api-keys", { method: "POST", key, body });
  expect(made).toMatchObject({ name: "From a program", expiration_date: "2027-03-01" });
  const use = () => ask("/v1/models", { headers: { authorization: `Bearer ${made.key}` } });
  expect((await use()).status).toBe(200);
  const { body: listed } = await ask(`/v1/admin/api-keys?name=${made.key.slice(-4)}`, { key });
  expect(listed.keys).toMatchObject([{ key_id: made.key_id, key: null, can_delete: true }]);
  expect((await ask(`/v1/admin/api-keys/${made.key_id}`, { method: "DELETE", key })).status).toBe(200);
  await expect.poll(async () => (await use()).status, { timeout: 1000, interval: 10 }).toBe(401);
});

test("T-4.2.2.2-LIM1: the spend limit is set in whole euros and taken away; rate limits say which model", async () => {
  const { key } = await customer();
  const limits = async () => (await ask("/v1/admin/spend-limit", { key })).body.limits.completion;
  expect(await limits()).toMatchObject({ no_monthly_limit: true, usage_limit: null, usage: 0 });
  await ask("/v1/admin/spend-limit", { method: "POST", key, body: { amount: 150 } });
  expect(await limits()).toMatchObject({ no_monthly_limit: false, usage_limit: 150, monthly_limit_reached: false });
  const none = { amount: 0, no_monthly_limit: true };
  expect(
    (await ask("/v1/admin/spend-limit", { method: "POST", key, body: none })).body.limits.completion.usage_limit,
  ).toBe(null);
  for (const amount of [-1, 1.5, "150", null])
    expect((await ask("/v1/admin/spend-limit", { method: "POST", key, body: { amount } })).status).toBe(422);
  const { body } = await ask("/v1/admin/rate-limit", { key });
  expect(body.requests_per_second).toBeGreaterThan(0);
  expect(body.tokens_limits_by_model.m.tokens_per_minute).toBeGreaterThan(0);
});

test("the audit log says what a key did, by its own name, and is asked by the field's words", async () => {
  const { ctx, key, id } = await customer();
  await ask("/v1/admin/workspaces", { method: "POST", key, body: { name: "Seen", admin_user_id: ids(ctx).user } });
  const { body: rows } = await ask("/v1/admin/audit-logs?actor_type=API_KEY&event_type=workspace.create", { key });
  expect(rows).toMatchObject([
    {
      actor_type: "API_KEY",
      event_type: "workspace.create",
      target_type: "WORKSPACE",
      actor_metadata: { id, name: "automation" },
    },
  ]);
  const made = await ask("/v1/admin/audit-logs?target_type=ADMIN_API_KEY&sort=ascending&limit=1", { key });
  expect(made.body).toMatchObject([
    { event_type: "admin_key.create", actor_type: "HUMAN", actor_metadata: { id: ids(ctx).user } },
  ]);
  expect((await ask(`/v1/admin/audit-logs?after=${new Date().toISOString()}`, { key })).body).toEqual([]);
  expect((await ask("/v1/admin/audit-logs?limit=0", { key })).status).toBe(422);
});

test("the document that describes the API names every address with what it takes, and opens with no key", async () => {
  const { status, body } = await ask("/v1/openapi.json", { headers: {} });
  expect([status, body.openapi]).toEqual([200, "3.1.0"]);
  const spend = body.paths["/v1/admin/spend-limit"].post;
  expect(spend.security).toEqual([{ admin: [] }]);
  expect(spend.requestBody.content["application/json"].schema.properties.amount).toMatchObject({
    type: "integer",
    minimum: 0,
  });
  expect(body.paths["/v1/admin/users"].get.parameters.map(({ name }: { name: string }) => name)).toEqual([
    "page",
    "page_size",
    "email",
  ]);
  expect(body.paths["/v1/chat/completions"].post.security).toEqual([{ api: [] }]);
  expect(body.paths["/v1/admin/workspaces/{id}"].delete.responses).toHaveProperty("204");
  const operations = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((path) =>
    Object.values(path),
  );
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  expect(operations.length).toBeGreaterThan(25);
});

test("bodies that are no JSON, too large, or say what is not known are refused with the place", async () => {
  const { key } = await customer();
  const send = (body: string) =>
    fetch(`http://127.0.0.1:${front.port}/v1/admin/spend-limit`, {
      method: "POST",
      headers: { "x-api-key": key },
      body,
    });
  expect((await send("{")).status).toBe(422);
  expect((await send(`{"amount": 1, "x": "${"x".repeat(1_000_001)}"}`)).status).toBe(413);
  const wrong = await ask("/v1/admin/users?page=0", { key });
  expect(wrong.body.detail).toMatchObject([{ loc: ["query", "page"] }]);
});
