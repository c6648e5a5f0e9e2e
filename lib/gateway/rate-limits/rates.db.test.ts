import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { letters } from "#db/schema/notices.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { staffPermissions } from "#lib/core/access/staff-roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { upgradePlan } from "#lib/domain/billing/plan/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { setPlan } from "#lib/domain/organizations/plan/commands.ts";
import {
  endOverride,
  purgeBuckets,
  requestRates,
  setOverride,
  setWorkspaceRates,
  withdrawRequest,
} from "#lib/domain/rates/commands.ts";
import {
  denyInput,
  grantInput,
  requestRatesInput,
  setOverrideInput,
  workspaceRatesInput,
} from "#lib/domain/rates/input.ts";
import { factsOf, rateRequestsOf, workspaceRates } from "#lib/domain/rates/queries.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { denyRequest, endOverrideOf, grantRequest } from "#lib/domain/staff/rates/commands.ts";
import { closedRateRequests, openRateRequests, overridesInForce } from "#lib/domain/staff/rates/queries.ts";
import { openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { makePayable } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { liveRates, organizationRates } from "./gauges.ts";
import { tokensOfMonth } from "./month-use.ts";
import { postgresStore } from "./postgres-store.ts";
import { rateLimiterOn } from "./rate-limiter.ts";

const { db, sql } = await testDatabase();
await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
  values ('tiny-chat-1', 'Tiny', '', 'us', 'embedded', 'tiny-chat-1', '{}', 4096, now())`;

let ctx: Context;
let desk: AccountContext;
const operator = (): AccountContext => ({
  ...ctx,
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(systemPermissions) },
});
beforeEach(async () => {
  ctx = await testWorkspace(db, { plan: "free" });
  const userId = await provisionUser(operator(), `staff-${newId("user", now())}@example.com`);
  const permissions = permissionsOf(staffPermissions, ["billing"]);
  const sessionId = newId("session", now());
  desk = {
    ...ctx,
    actor: { kind: "staff", id: userId, name: "Jonas", email: "staff@example.com", sessionId, permissions },
  };
});

const asked = requestRatesInput.parse({
  model: "tiny-chat-1",
  requestsPerSecond: "40",
  tokensPerMinute: "2 000 000",
  tokensPerMonth: "",
  useCase: "We answer letters of a whole city and have a peak each morning.",
});
const look = () =>
  openLook(desk, { organizationId: ctx.organizationId, reason: "request", words: "They ask for higher limits." });
const valuesFor = async (kind: string, of = ctx) => {
  const { gauges } = await liveRates(of);
  return gauges.filter((gauge) => gauge.kind === kind).map(({ value }) => value);
};
const audit = (action: string) =>
  sql`select after, clause, actor_kind from audit_events where organization_id = ${ctx.organizationId} and action = ${action}`;

test("T-4.2.1-RL: a customer asks for more, staff grant it with a reason and an end, and a letter says so", async () => {
  const id = await requestRates(ctx, asked);
  expect(await rateRequestsOf(ctx)).toMatchObject([
    { id, state: "submitted", requestsPerSecond: 40, tokensPerMonth: null },
  ]);
  const onDesk = async () => (await openRateRequests(desk)).find((request) => request.id === id);
  expect(await onDesk()).toMatchObject({ isHidden: true, useCase: "", requesterName: "", organizationName: "Test" });
  await look();
  expect(await onDesk()).toMatchObject({ isHidden: false, useCase: asked.useCase, requesterName: "Test Person" });
  await onDesk();
  expect(await audit("staff.look")).toMatchObject([{ after: { reason: "request" }, actor_kind: "staff" }]);
  const given = {
    id,
    requestsPerSecond: "30",
    tokensPerMinute: "",
    tokensPerMonth: "",
    expires: "2099-12-31",
    reason: "For the launch",
  };
  await grantRequest(desk, grantInput.parse(given));
  expect(await valuesFor("requests_second")).toEqual([30]);
  const [gauge] = (await liveRates(ctx)).gauges;
  expect(gauge?.source).toMatchObject({
    clause: "T-4.2.1-RL",
    reason: "For the launch",
    expiresAt: new Date("2100-01-01T00:00:00Z"),
  });
  expect(await rateRequestsOf(ctx)).toMatchObject([{ id, state: "granted", answer: "For the launch" }]);
  expect(await audit("rates.grant")).toMatchObject([{ clause: "T-4.2.1-RL", actor_kind: "staff" }]);
  const [letter] = (await db.select().from(letters)).filter(
    ({ organizationId }) => organizationId === ctx.organizationId,
  );
  expect(letter).toMatchObject({ kind: "rates.granted", clause: "T-4.2.1-RL" });
  expect(letter?.text).toMatch(/to tiny-chat-1: 30 requests a second\.[\s\S]*end of 2099-12-31[\s\S]*For the launch/);
  await expect(grantRequest(desk, grantInput.parse(given))).rejects.toMatchObject({ problem: "conflict" });
  const [override] = (await overridesInForce(desk)).filter(
    ({ organizationId }) => organizationId === ctx.organizationId,
  );
  if (!override) throw new Error("The grant is in force.");
  await endOverrideOf(desk, override);
  expect(await valuesFor("requests_second")).toEqual([1]);
  await expect(endOverrideOf(desk, override)).rejects.toMatchObject({ problem: "not_found" });
});

test("T-4.2.1-RL: a refusal has a reason, and the customer reads it", async () => {
  const id = await requestRates(ctx, asked);
  const denial = denyInput.parse({ id, reason: "Use the paid plan first." });
  await expect(denyRequest(desk, denial)).rejects.toMatchObject({ code: "look_required" });
  await look();
  await denyRequest(desk, denial);
  expect(await rateRequestsOf(ctx)).toMatchObject([{ state: "denied", answer: "Use the paid plan first." }]);
  expect(await closedRateRequests(desk)).toContainEqual(expect.objectContaining({ id, state: "denied" }));
  const [letter] =
    await sql`select text from letters where organization_id = ${ctx.organizationId} and kind = 'rates.denied'`;
  expect(letter?.text).toContain("Use the paid plan first.");
});

test("a request can be withdrawn once, and five wait at most", async () => {
  const id = await requestRates(ctx, asked);
  await withdrawRequest(ctx, { id });
  await expect(withdrawRequest(ctx, { id })).rejects.toMatchObject({ problem: "conflict" });
  await expect(denyRequest(desk, denyInput.parse({ id, reason: "Too late" }))).rejects.toMatchObject({
    problem: "conflict",
  });
  for (let i = 0; i < 5; i++) await requestRates(ctx, asked);
  await expect(requestRates(ctx, asked)).rejects.toThrow(/wait for an answer/);
});

test("no one decides, asks, sets or reads without the right, or in another person's organization", async () => {
  const id = await requestRates(ctx, asked);
  const viewer = await testWorkspace(db, { within: ctx, roles: ["user"] });
  const stranger = await testWorkspace(db);
  const values = workspaceRatesInput.parse({ requestsPerSecond: "0.5", tokensPerMinute: "", tokensPerMonth: "" });
  for (const attempt of [
    () => requestRates(viewer, asked),
    () => setWorkspaceRates(viewer, values),
    () => upgradePlan(viewer),
    () => liveRates(viewer),
    () => rateRequestsOf(viewer),
    () => openRateRequests(ctx),
    () => overridesInForce(ctx),
    () =>
      grantRequest(
        ctx,
        grantInput.parse({ id, requestsPerSecond: 9, tokensPerMinute: "", tokensPerMonth: "", reason: "mine" }),
      ),
    () => upgradePlan(inOrganization(desk, ctx.organizationId)),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ problem: "forbidden" });
  }
  await expect(withdrawRequest(stranger, { id })).rejects.toMatchObject({ problem: "not_found" });
  expect(await rateRequestsOf(stranger)).toEqual([]);
});

test("T-4.2.2.2-RL: a workspace sets tighter limits of its own, and lifts them; looser ones are refused in words", async () => {
  const tight = workspaceRatesInput.parse({ requestsPerSecond: "0.5", tokensPerMinute: "1000", tokensPerMonth: "" });
  await setWorkspaceRates(ctx, tight);
  expect(await valuesFor("requests_second")).toEqual([1, 0.5]);
  expect(await workspaceRates(ctx)).toMatchObject([{ model: null, requestsPerSecond: 0.5, tokensPerMinute: 1000 }]);
  await setWorkspaceRates(ctx, { ...tight, requestsPerSecond: 0.25 });
  expect(await valuesFor("requests_second")).toEqual([1, 0.25]);
  expect((await organizationRates(ctx)).gauges.map(({ scope }) => scope)).not.toContain("workspace");
  const loose = workspaceRatesInput.parse({ requestsPerSecond: "1", tokensPerMinute: "", tokensPerMonth: "" });
  await expect(setWorkspaceRates(ctx, loose)).rejects.toMatchObject({
    fields: { requestsPerSecond: [/below the organization's 1/] },
  });
  await setWorkspaceRates(
    ctx,
    workspaceRatesInput.parse({ requestsPerSecond: "", tokensPerMinute: "", tokensPerMonth: "" }),
  );
  expect(await workspaceRates(ctx)).toEqual([]);
  expect(await audit("rates.lift-workspace-limits")).toHaveLength(1);
});

test("T-4.2.2.2-RL, T-4.2.2.1-RL: page and gate agree, and an upgrade works on the next request of every process", async () => {
  const changes = await openChangeFeed(sql);
  const gate = openAuthenticator(sql, changes);
  const limiter = rateLimiterOn({ store: postgresStore(sql), used: async () => 0 });
  const { secret } = await createKey(ctx, {
    name: "k",
    scopes: ["completions:create"],
    models: null,
    addresses: null,
    expiresInDays: null,
  });
  const send = async () => limiter.admit(await gate.authenticate(secret, "127.0.0.1"), "tiny-chat-1", 300);
  const { headers } = await send();
  await expect(send()).rejects.toMatchObject({ code: "rate_limited" });
  const shown = async () =>
    Object.fromEntries((await liveRates(ctx)).gauges.map(({ kind, value, used }) => [kind, [value, used]]));
  // What was taken for the request that was refused goes back a moment later.
  await expect.poll(async () => (await shown()).tokens_month, { interval: 20 }).toEqual([4_000_000, 300]);
  const { requests_second: requests, tokens_minute: tokens } = await shown();
  expect(requests?.[0]).toBe(Number(headers["x-ratelimit-limit-req-second"]));
  expect(tokens?.[0]).toBe(Number(headers["x-ratelimit-limit-tokens-minute"]));
  await makePayable(db, ctx);
  await upgradePlan(ctx);
  await expect
    .poll(async () => (await send()).headers["x-ratelimit-limit-req-second"], { interval: 10, timeout: 1000 })
    .toBe("20");
  await expect(upgradePlan(ctx)).rejects.toMatchObject({ problem: "conflict" });
  expect(await audit("organization.change-plan")).toMatchObject([{ after: { plan: "paid" }, clause: "T-4.2.2.1-RL" }]);
  // A decision of staff, too, and its end.
  const faster = setOverrideInput.parse({
    workspaceId: null,
    requestsPerSecond: 50,
    reason: "Load test",
    tokensPerMinute: null,
    tokensPerMonth: null,
  });
  const id = await setOverride(inOrganization(desk, ctx.organizationId), faster);
  const limit = async () => (await gate.authenticate(secret, "127.0.0.1")).contract.rates.overrides.length;
  await expect.poll(limit, { interval: 10, timeout: 1000 }).toBe(1);
  await endOverride(inOrganization(desk, ctx.organizationId), id);
  await expect.poll(limit, { interval: 10, timeout: 1000 }).toBe(0);
  await limiter.close();
  await changes.close();
});

test("tiers follow from the settled spend of all months, and a month's tokens from its counters", async () => {
  await setPlan({ ...operator(), organizationId: ctx.organizationId }, "paid");
  for (const [month, pico] of [
    ["2025-01-01", "15000000000000"],
    ["2026-11-01", "5000000000000"],
  ]) {
    await sql`insert into spend_months (organization_id, month, scope, scope_id, settled_pico, tokens)
      values (${ctx.organizationId}, ${month ?? ""}, 'organization', ${ctx.organizationId}, ${pico ?? ""}, 77)`;
  }
  expect(await factsOf(ctx)).toMatchObject({ plan: "paid", spentPico: 20_000_000_000_000n });
  expect(await valuesFor("requests_second")).toEqual([40]);
  for (const [model, tokens] of [
    ["tiny-chat-1", 10],
    ["tiny-embed-1", 5],
  ] as const) {
    await sql`insert into usage_sums (organization_id, dimension, grain, start, workspace_id, value, requests, failed, prompt_tokens, cached_tokens, completion_tokens, cost_pico)
      values (${ctx.organizationId}, 'model', 'day', '2026-11-30T00:00:00Z', ${ctx.workspaceId}, ${model}, 1, 0, ${tokens}, 0, ${tokens}, 0)`;
  }
  const used = (
    usage: { workspaceId?: typeof ctx.workspaceId; model?: string; except?: string[] },
    month = "2026-11-01",
  ) => tokensOfMonth(sql, ctx.organizationId, { workspaceId: null, model: null, except: [], ...usage }, month);
  expect(await used({})).toBe(77);
  expect(await used({ model: "tiny-chat-1" })).toBe(20);
  expect(await used({ except: ["tiny-chat-1"] })).toBe(10);
  expect(await used({ workspaceId: ctx.workspaceId, model: "tiny-chat-1" })).toBe(20);
  expect(await used({ model: "tiny-chat-1" }, "2026-12-01")).toBe(0);
});

test("buckets that have run off are forgotten, this month's windows are not", async () => {
  const names = ["tok:tiny-chat-1", "mon:2026-11", "ws_x:mon:2026-11:tiny-chat-1"];
  for (const name of names)
    await sql`insert into rate_buckets values (${ctx.organizationId}, ${name}, 5, ${addDays(now(), -3)})`;
  await purgeBuckets(operator());
  const left = await sql`select name from rate_buckets where organization_id = ${ctx.organizationId} order by name`;
  expect(left.map(({ name }) => name)).toEqual(["mon:2026-11", "ws_x:mon:2026-11:tiny-chat-1"]);
});

test.each([
  [{ requestsPerSecond: "", tokensPerMinute: "", tokensPerMonth: "" }, /at least one limit/],
  [{ requestsPerSecond: "-1" }, /above zero/],
  [{ requestsPerSecond: "fast" }, /Enter a number/],
  [{ tokensPerMinute: "1.5" }, /whole number/],
  [{ requestsPerSecond: "1e99" }, /At most/],
  [{ requestsPerSecond: "5", expires: "tomorrow" }, /2026-12-31/],
  [{ requestsPerSecond: "5", expires: "2026-13-45" }, /no such day/],
  [{ requestsPerSecond: "5", reason: "x" }, /Say why/],
])("a decision needs numbers, a day and a reason: %j", (given, message) => {
  const fields = {
    id: newId("rateRequest", now()),
    requestsPerSecond: "",
    tokensPerMinute: "",
    tokensPerMonth: "",
    reason: "Because",
  };
  const parsed = grantInput.safeParse({ ...fields, ...given });
  expect(parsed.success).toBe(false);
  expect(JSON.stringify(parsed.error)).toMatch(message);
});
