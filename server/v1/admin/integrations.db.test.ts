import { afterAll, expect, test } from "vitest";
import { uuidOf } from "#db/id.ts";
import {
  attemptsHere,
  connectionOf,
  connectorDirectory,
  rulesPage,
} from "#lib/domain/connections/directory/queries.ts";
import { restrictConnector } from "#lib/domain/connections/restricting/commands.ts";
import { connectSlack, reachLocal } from "#lib/testing/connections.ts";
import { ServiceServer } from "#lib/testing/service-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { integrationCommands } from "#server/admin/integrations.ts";
import { systemContext } from "#server/system-context.ts";
import { ask, customer, db } from "./testing.ts";

const chat = await new ServiceServer().start();
afterAll(() => chat.close());
const url = `${chat.url}/services/very-secret`;

const operate = (name: string, options = {}) =>
  integrationCommands.find((command) => command.name === name)?.run?.(systemContext("test"), options);

test("contract 43: programs list, read and test connections by either id, without their secrets, and those of no one else", async () => {
  reachLocal();
  const { ctx, key } = await customer();
  const stranger = await customer();
  const id = await connectSlack(ctx, { url });
  const { items } = (await ask("/v1/admin/integrations", { key })).body;
  expect(items).toMatchObject([{ id, uuid: uuidOf(id), connector: "slack", state: "connected", secret_last4: "cret" }]);
  const path = `/v1/admin/integrations/${uuidOf(id)}`;
  const tested = await ask(`${path}/test`, { method: "POST", key });
  expect([tested.status, tested.body]).toMatchObject([200, { outcome: "ok", status: 200, error: null }]);
  const read = await ask(`/v1/admin/integrations/${id}`, { key });
  expect(read.body.attempts).toMatchObject([{ kind: "test", outcome: "ok" }]);
  expect(JSON.stringify([items, tested.body, read.body])).not.toContain("very-secret");
  expect((await ask(path, { key: stranger.key })).status).toBe(404);
  expect((await ask(`${path}/test`, { method: "POST", key: stranger.key })).status).toBe(404);
  expect((await ask("/v1/admin/integrations", { key: stranger.key })).body.items).toEqual([]);
  const reader = await customer("read");
  const theirs = await connectSlack(reader.ctx, { url });
  expect((await ask(`/v1/admin/integrations/${theirs}/test`, { method: "POST", key: reader.key })).status).toBe(403);
});

test("by hand, at most ten tests a minute are sent for an organization", async () => {
  reachLocal();
  const { ctx, key } = await customer();
  const id = await connectSlack(ctx, { url });
  const sent = [];
  for (let n = 0; n < 11; n++)
    sent.push((await ask(`/v1/admin/integrations/${id}/test`, { method: "POST", key })).status);
  expect(sent).toEqual([...Array(10).fill(200), 429]);
});

test("the operator lists a customer's connections and disconnects one at the terminal", async () => {
  reachLocal();
  const { ctx, key } = await customer();
  const id = await connectSlack(ctx, { url });
  const organization = ctx.organizationId;
  expect((await operate("integration list", { organization }))?.lines).toEqual([`${id}  slack  connected  #ops`]);
  await operate("integration disconnect", { organization, connection: id });
  expect((await ask(`/v1/admin/integrations/${id}`, { key })).body).toMatchObject({ state: "disconnected" });
  const again = operate("integration disconnect", { organization, connection: id });
  await expect(again).rejects.toMatchObject({ problem: "conflict" });
  const other = (await customer()).ctx.organizationId;
  const foreign = operate("integration disconnect", { organization: other, connection: id });
  await expect(foreign).rejects.toMatchObject({ problem: "not_found" });
});

test("who builds in a workspace sees its connections and the organization's, an admin all; a blocked one says so", async () => {
  reachLocal();
  const { ctx } = await customer();
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const elsewhere = { ...dev, workspaceId: (await testWorkspace(db)).workspaceId } as typeof dev;
  const [own, whole] = [await connectSlack(dev, { url, scope: "workspace" }), await connectSlack(ctx, { url })];
  const seen = async (who: typeof ctx) =>
    (await connectorDirectory(who))
      .find(({ id }) => id === "slack")
      ?.connections.map(({ id }) => id)
      .toSorted();
  expect([await seen(dev), await seen(elsewhere), await seen(ctx)]).toEqual([
    [own, whole].toSorted(),
    [whole],
    [own, whole].toSorted(),
  ]);
  await expect(connectionOf(elsewhere, own)).rejects.toMatchObject({ problem: "not_found" });
  expect(await attemptsHere(elsewhere, own)).toEqual([]);
  await restrictConnector(ctx, { connector: "slack", workspace: ctx.workspaceId, rule: "blocked" });
  expect([(await connectionOf(ctx, own)).isBlocked, (await connectionOf(ctx, whole)).isBlocked]).toEqual([true, false]);
  expect(await rulesPage(ctx, "slack")).toMatchObject({ all: "allowed", workspaces: [{ rule: "blocked" }] });
  await expect(rulesPage(ctx, "oauth-generic")).rejects.toMatchObject({ problem: "not_found" });
  expect((await connectorDirectory(ctx)).map(({ id }) => id)).not.toContain("oauth-generic");
});
