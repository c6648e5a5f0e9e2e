import { expect, test } from "vitest";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { retentionClasses } from "#lib/domain/retention/classes/rules.ts";
import { problemsOf } from "#lib/domain/retention/receipts/checking/rules.ts";
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
