import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { retentionClasses } from "#lib/domain/retention/classes/rules.ts";
import { problemsOf } from "#lib/domain/retention/receipts/checking/rules.ts";
import { testItem } from "#lib/testing/abuse.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { ask, customer, db } from "./testing.ts";

test("programs read what is kept of their organization, and the signed receipts of its deletions", async () => {
  const [{ ctx, key }, other] = [await customer(), await customer()];
  const [gone] = [await testAgent(db, ctx), await testAgent(db, ctx)];
  await deleteAgent(ctx, { agent: gone });
  await deleteAgent(ctx, { agent: await testAgent(db, ctx) });
  const { body: ledger } = await ask("/v1/admin/data-ledger", { key });
  const agents = ledger.data.find((row: { class: string }) => row.class === "agents");
  expect(agents).toMatchObject({ items: 1, clause: retentionClasses.agents.clause, under_zero_retention: "purged" });
  expect(agents.bytes).toBeGreaterThan(0);
  expect(ledger.data.find((row: { class: string }) => row.class === "accounts")).toBeUndefined();
  const { body: page } = await ask("/v1/admin/receipts?limit=1", { key });
  expect([page.data.length, page.has_more, page.data[0].receipt.sequence]).toEqual([1, true, 2]);
  const { body: rest } = await ask("/v1/admin/receipts?before=2", { key });
  const [{ receipt, file }] = rest.data;
  expect(receipt).toMatchObject({ cause: "own", targets: [{ kind: "agent", id: gone }], previous: null });
  expect(problemsOf(file)).toEqual([]);
  expect((await ask(`/v1/admin/receipts/${receipt.id}`, { key })).body).toEqual({ receipt, file });
  expect((await ask(`/v1/admin/receipts/${receipt.id}`, { key: other.key })).status).toBe(404);
  expect((await ask("/v1/admin/receipts/nothing", { key })).status).toBe(404);
  expect((await ask("/v1/admin/receipts", { key: other.key })).body.data).toEqual([]);
});

test("programs read what monitoring did about their organization, by month (T-4.2.2-ABUSE)", async () => {
  const [{ ctx, key }, other] = [await customer(), await customer()];
  await testItem(db, ctx, [newId("request", ctx.now)]);
  const { body } = await ask("/v1/admin/monitoring", { key });
  const outcomes = { dismissed: 0, suspended: 0, ended_without_decision: 0 };
  const month = `${ctx.now.toISOString().slice(0, 7)}-01`;
  expect(body.data).toMatchObject([{ month, models: [], flags: 1, items: 1, opened: 0, outcomes }]);
  expect((await ask("/v1/admin/monitoring", { key: other.key })).body.data).toMatchObject([{ flags: 0, items: 0 }]);
});
