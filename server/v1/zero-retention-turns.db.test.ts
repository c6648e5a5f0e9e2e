import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql, { text: ["One", " after", " another", "."], delayMs: 40 });
afterAll(v1.close);

const tables = ["conversations", "conversation_entries", "responses", "contents"] as const;

test.each([0, 20, 60, 120])(
  "T-4.2.2.2-ZDR4: of 16 turns in whose middle zero retention begins after %i ms, nothing is stored after its commit",
  async (ms) => {
    const ctx = await testWorkspace(db);
    const secret = await keyOf(ctx);
    const count = async () => {
      const counted: Record<string, number> = {};
      for (const table of tables)
        counted[table] = (await sql`select from ${sql(table)} where organization_id = ${ctx.organizationId}`).length;
      return counted;
    };
    const turns = Array.from({ length: 16 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at * 10));
      const told = await v1
        .events(secret, "/v1/conversations", { model: "small", inputs: "Hello" })
        .catch((error: Error) => error.message);
      return typeof told === "string" ? told : told.at(-1)?.event;
    });
    await new Promise((resolve) => setTimeout(resolve, ms));
    await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
    const atCommit = await count();
    const ends = await Promise.all(turns);
    await v1.plane.meter.settled();
    expect(await count()).toEqual(atCommit);
    // Each turn is kept and told so, ends with an error, or is refused.
    const refused = ends.filter((end) => end !== "conversation.response.done");
    expect(refused.length).toBeGreaterThan(0);
    for (const end of refused) expect(end).toMatch(/^conversation\.response\.error$|zdr_incompatible/);
    expect(ends.length - refused.length).toBe(atCommit.conversations);
  },
  60_000,
);

test("T-4.2.2.2-ZDR4: what ends a turn under way says why: 403 zdr_incompatible", async () => {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx);
  const telling = v1.events(secret, "/v1/conversations", { model: "small", inputs: "Hello" });
  await expect.poll(() => v1.plane.calls.age()).toBeGreaterThan(0);
  await sql`update workspaces set zero_retention_since = now() where organization_id = ${ctx.organizationId}`;
  const end = (await telling).at(-1);
  expect(end).toMatchObject({ event: "conversation.response.error", data: { code: 403 } });
  expect(await sql`select from conversations where organization_id = ${ctx.organizationId}`).toHaveLength(0);
});

test("T-4.2.2.2-ZDR1: an order's zero retention is the database's too", async () => {
  const ctx = await testWorkspace(db);
  const { active } = await orderDesk(db, ctx);
  const ask = async () => {
    const [row] = await sql`select is_zero_retention(${ctx.organizationId}, ${ctx.workspaceId}) as answer`;
    return row?.answer as boolean;
  };
  expect(await ask()).toBe(false);
  const id = await active("zero-retention = yes");
  expect(await ask()).toBe(true);
  await sql`update purchase_orders set ended_at = now(), state = 'withdrawn' where id = ${id}`;
  expect(await ask()).toBe(false);
});
