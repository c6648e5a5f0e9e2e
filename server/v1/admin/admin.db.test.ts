import { expect, test } from "vitest";
import { idOfUuid, newId, uuidOf } from "#db/id.ts";
import { revokeAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { ask, customer, front, ids, sql } from "./testing.ts";

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
  for (const path of [
    "users",
    "users-invite",
    "workspaces",
    "api-keys",
    "spend-limit",
    "rate-limit",
    "billing",
    "invoices",
    "usage",
    "audit-logs",
  ])
    expect({ path, status: (await ask(`/v1/admin/${path}`, { key })).status }).toEqual({ path, status: 200 });
  const { body: seen } = await ask("/v1/admin/users", { key });
  expect(seen.members.every(({ workspaces }: { workspaces: unknown[] }) => workspaces.length > 0)).toBe(true);
  const tries: [string, string, unknown?][] = [
    ["DELETE", `/v1/admin/users/${ids(colleague).user}`],
    ["PATCH", `/v1/admin/users/${ids(colleague).user}`, { role_names: ["organization_admin"] }],
    ["POST", "/v1/admin/users-invite", { email: "new@example.com" }],
    ["POST", "/v1/admin/workspaces", { name: "x", admin_user_id: ids(ctx).user }],
    ["DELETE", `/v1/admin/workspaces/${ids(ctx).workspace}`],
    ["POST", "/v1/admin/spend-limit", { amount: 5 }],
    ["PUT", "/v1/admin/web-origins", { origins: [] }],
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

test("what goes wrong on our side is told with a reference, which the log has with the reason, and nothing else", async () => {
  const { key } = await customer();
  const log = catchErrorLog();
  await sql`alter table spend_limits rename to elsewhere`;
  const { status, body } = await ask("/v1/admin/spend-limit", { key }).finally(
    () => sql`alter table elsewhere rename to spend_limits`,
  );
  log.restore();
  expect(status).toBe(500);
  const reference = /Quote (\w+) to support/.exec(body.message)?.[1] ?? "";
  expect(JSON.stringify(body)).not.toMatch(/select|spend_limits|postgres|Error:/i);
  const line = log.lines.find((text) => text.includes(reference)) ?? "";
  expect(line).toContain("spend_limits");
  expect(line).not.toContain(key);
});
