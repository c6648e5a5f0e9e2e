import { expect, test } from "vitest";
import { ask, customer, ids } from "./testing.ts";

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
  expect(listed.keys).toMatchObject([{ key_id: made.key_id, key: null, can_delete: true, is_service: false }]);
  const service = { ...body, name: "The workspace's", is_service: true };
  const { body: own } = await ask("/v1/admin/api-keys", { method: "POST", key, body: service });
  const { body: found } = await ask(`/v1/admin/api-keys?name=${own.key.slice(-4)}`, { key });
  expect(found.keys).toMatchObject([{ key_id: own.key_id, is_service: true }]);
  expect((await ask(`/v1/admin/api-keys/${made.key_id}`, { method: "DELETE", key })).status).toBe(200);
  await expect.poll(async () => (await use()).status, { timeout: 1000, interval: 10 }).toBe(401);
});

test("web origins are set, shown and refused by name; a key for web pages is made once there is one", async () => {
  const { ctx, key } = await customer();
  const put = (origins: unknown) => ask("/v1/admin/web-origins", { method: "PUT", key, body: { origins } });
  const make = (browser: boolean) => {
    const body = { name: "p", workspace_uuid: ids(ctx).workspace, user_id: ids(ctx).user, browser };
    return ask("/v1/admin/api-keys", { method: "POST", key, body });
  };
  const none = await make(true);
  expect([none.status, none.body.code]).toEqual([409, "no_web_origin"]);
  const origins = ["https://app.example", "http://localhost:3000"];
  const { body: saved } = await put(["https://APP.example:443", ...origins]);
  expect(saved).toEqual({ origins, browser_keys: 0 });
  for (const wrong of ["https://app.example/", "http://app.example", "*", "", 1, null]) {
    const { status, body } = await put(["https://fine.example", wrong]);
    expect([wrong, status, body.detail[0].loc.slice(0, 2)]).toEqual([wrong, 422, ["body", "origins"]]);
  }
  for (const wrong of [undefined, null, "https://app.example", {}]) expect((await put(wrong)).status).toBe(422);
  await make(false);
  const { body: made } = await make(true);
  expect((await ask("/v1/admin/web-origins", { key })).body).toEqual({ origins, browser_keys: 1 });
  const { body: listed } = await ask("/v1/admin/api-keys", { key });
  expect(listed.keys.map((one: { browser: boolean }) => one.browser)).toEqual([true, false]);
  const use = async (headers: Record<string, string>) =>
    (await ask("/v1/models", { headers: { authorization: `Bearer ${made.key}`, ...headers } })).status;
  expect([await use({}), await use({ origin: "https://app.example" })]).toEqual([403, 200]);
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
