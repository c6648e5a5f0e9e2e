import { expect, test } from "vitest";
import { clauseIds } from "#lib/core/clauses/register.ts";
import { ask, customer, sql } from "./testing.ts";

test("contract 3: a program reads its agreement, values, clauses and timeline, and nothing of another's", async () => {
  const [{ ctx, key }, other] = [await customer(), await customer()];
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
  const { body: agreement } = await ask("/v1/admin/contract", { key });
  expect(agreement).toMatchObject({
    number: 1,
    starts_at: "2026-01-01T00:00:00.000Z",
    ended_at: null,
    customer_type: "business",
  });
  const { body: values } = await ask("/v1/admin/contract/values", { key });
  expect(values.data.find((one: { key: string }) => one.key === "days.content")).toMatchObject({
    clause: "T-4.2.2.2-D1",
  });
  const { body: clauses } = await ask("/v1/admin/contract/clauses", { key });
  expect(clauses.data.map(({ id }: { id: string }) => id)).toEqual(clauseIds);
  expect(clauses.data.find(({ id }: { id: string }) => id === "T-1-EFF")).toMatchObject({
    state: "kept",
    at: "2026-01-01T00:00:00.000Z",
  });
  const { body: needing } = await ask("/v1/admin/contract/clauses?show=needs-me", { key });
  expect(needing.data.length).toBeLessThan(71);
  for (const { state } of needing.data) expect(["due", "at_risk", "broken"]).toContain(state);
  const { body: timeline } = await ask("/v1/admin/contract/timeline", { key });
  expect(timeline.data).toContainEqual({
    at: "2026-01-01T00:00:00.000Z",
    what: "Agreement no. 1 began",
    clause: "T-1-EFF",
    is_ahead: false,
  });
  expect((await ask("/v1/admin/contract", { key: other.key })).body.number).toBe(null);
  expect((await ask("/v1/admin/contract/timeline", { key: other.key })).body.data).toEqual([]);
  expect((await ask("/v1/admin/contract", { key: "" })).status).toBe(401);
});
