import { expect, test } from "vitest";
import { newId } from "./id.ts";
import { testDatabase } from "./testing.ts";

const { sql } = await testDatabase();
const at = new Date("2026-10-31T23:59:59.999Z");

test("an event written twice counts once, and every sum agrees with it", async () => {
  await sql`select ensure_usage_partition(${at})`;
  const event = {
    organization_id: newId("organization", at),
    id: newId("request", at),
    at: at.toISOString(),
    workspace_id: newId("workspace", at),
    key_id: newId("key", at),
    user_id: newId("user", at),
    endpoint: "chat",
    requested_model: "m",
    model: "m",
    streamed: false,
    prompt_tokens: 10,
    cached_tokens: 0,
    completion_tokens: 5,
    input_micros: 1,
    cached_input_micros: 1,
    output_micros: 2,
    cost_pico: "20",
    waived_pico: "0",
    held_pico: "0",
    latency_ms: 3,
    status: 200,
    outcome: "answered",
    address: "127.0.0.1",
    agent: "test",
    clause: "T-4.2.2.1-D1",
    training_eligible: true,
  };
  const batch = JSON.stringify([event, { ...event, id: newId("request", at) }]);
  const [first] = await sql`select meter(${batch}) as added`;
  const [second] = await sql`select meter(${batch}) as added`;
  expect([first?.added, second?.added]).toEqual([2, 0]);
  const days =
    await sql`select start::text, requests, cost_pico from usage_sums where dimension = 'model' and grain = 'day'`;
  expect(days.map((row) => [row.start, row.requests, row.cost_pico])).toEqual([["2026-10-31 00:00:00+00", "2", "40"]]);
  const months = await sql`select scope, month::text, settled_pico from spend_months order by scope`;
  expect(months.map((row) => [row.scope, row.month, row.settled_pico])).toEqual([
    ["key", "2026-10-01", "40"],
    ["organization", "2026-10-01", "40"],
    ["workspace", "2026-10-01", "40"],
  ]);
});
