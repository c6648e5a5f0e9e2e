import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "./id.ts";
import { testDatabase } from "./testing.ts";
import { noFee, type UsageRow, usageColumns, usageRows } from "./usage-rows.ts";

const { sql } = await testDatabase();
const at = new Date("2026-10-31T23:59:59.999Z");

const event: UsageRow = {
  organization_id: newId("organization", at),
  id: newId("request", at),
  at: at.toISOString(),
  workspace_id: newId("workspace", at),
  key_id: newId("key", at),
  user_id: newId("user", at),
  end_user: null,
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
  clamped_tokens: null,
  limit_scope: null,
  limit_left_pico: null,
  requests_left: null,
  tokens_left: null,
  first_byte_ms: null,
  latency_ms: 3,
  status: 200,
  outcome: "answered",
  reason: null,
  address: "127.0.0.1",
  agent: "test",
  clause: "T-4.2.2.1-D1",
  training_eligible: true,
  agent_id: null,
  agent_version: null,
  estimated: false,
  ...noFee,
  trace_parent: null,
};

test("an event written twice counts once, and every sum agrees with it", async () => {
  await sql`select ensure_usage_partition(${at})`;
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

test("rows are handed over in the table's own order, whatever their texts say", async () => {
  const columns = await sql`select attname as name from pg_attribute
    where attrelid = 'usage_events'::regclass and attnum > 0 and not attisdropped order by attnum`;
  expect(columns.map(({ name }) => name)).toEqual(usageColumns);
  expect(Object.keys(event).toSorted()).toEqual(usageColumns.toSorted());
  // What no text of PostgreSQL can hold: the zero byte and halves of surrogate pairs.
  const text = fc.string({ unit: "grapheme" }).filter((made) => made.isWellFormed() && !made.includes("\0"));
  const odd = fc.oneof(
    text,
    fc.constantFrom("", "null", "NULL", '"', "\\", '\\"', "(a,b)", "{}", " a ", "\n", ",", "'"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ agent: odd, end_user: fc.option(odd) }), { minLength: 1 }), async (texts) => {
      const rows = usageRows(texts.map((its) => ({ ...event, ...its })));
      const read = await sql`select * from unnest(${rows}::text::usage_events[])`;
      expect(read.map(({ agent, end_user }) => ({ agent, end_user }))).toEqual(texts);
      expect(read[0]).toMatchObject({
        ...event,
        at: "2026-10-31 23:59:59.999+00",
        ...texts[0],
        input_micros: "1",
        cached_input_micros: "1",
        output_micros: "2",
        quantity: "0",
      });
    }),
    { numRuns: 60 },
  );
});

test("a batch of rows in which some are there already, and some twice, counts what is new", async () => {
  await sql`select ensure_usage_partition(${at})`;
  const mine = { ...event, organization_id: newId("organization", at), end_user: "someone" };
  const [one, two, three] = [1, 2, 3].map(() => ({ ...mine, id: newId("request", at) }));
  if (!one || !two || !three) throw new Error("Three were made.");
  const added = async (rows: UsageRow[]) => (await sql`select meter(${usageRows(rows)}) as added`)[0]?.added;
  expect(await added([one])).toBe(1);
  expect(await added([one, two, three, three])).toBe(2);
  expect(await added([three, one])).toBe(0);
  const sums = await sql`select dimension, grain, requests::int, cost_pico::int from usage_sums
    where organization_id = ${mine.organization_id} order by 1, 2`;
  expect(sums).toEqual(
    ["end_user", "key", "model"].flatMap((dimension) =>
      ["day", "hour"].map((grain) => ({ dimension, grain, requests: 3, cost_pico: 60 })),
    ),
  );
});
