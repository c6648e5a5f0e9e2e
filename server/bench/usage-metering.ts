import type { Sql } from "#db/client.ts";
import { type UsageRow, usageRows } from "#db/usage-rows.ts";
import { now, stopwatch } from "#lib/core/clock.ts";
import { cpuMicros, pin } from "./cpu.ts";
import { serverCore } from "./parts.ts";
import { eventSource, type RowShape } from "./usage-rows.ts";

const events = Number(process.env.BENCH_EVENTS ?? 60_000);

const shapes: RowShape[] = [
  { title: "one organization, 5 keys, 3 models", organizations: 1, keys: 5, models: 3, endUsers: 0 },
  { title: "the same, 1,000 end users", organizations: 1, keys: 5, models: 3, endUsers: 1000 },
  { title: "20 organizations in turn", organizations: 20, keys: 5, models: 3, endUsers: 0 },
  { title: "200 organizations in turn", organizations: 200, keys: 5, models: 3, endUsers: 0 },
];
const batches = [500, 1000, 5000];

/** How the meter is asked: as it is, and as it was with JSON, to tell what the hand-over costs. */
const forms: { name: string; write: (rows: UsageRow[]) => string }[] = [
  { name: "rows", write: usageRows },
  { name: "JSON", write: (rows) => JSON.stringify(rows) },
];

type Written = { count: number; pico: bigint };

export async function showMetering({ sql }: { sql: Sql }): Promise<void> {
  await sql`select ensure_usage_partition(${now().toISOString()}::timestamptz)`;
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const pid = backend?.pid ?? 0;
  pin(pid, serverCore);
  console.log(`metering, ${events} events each, on one connection; events in a second of the database's processor`);
  const written: Written = { count: 0, pico: 0n };
  for (const shape of shapes) {
    for (const size of batches) await measure(sql, pid, { shape, size, form: "rows" }, written);
    if (shape === shapes[0]) await measure(sql, pid, { shape, size: 500, form: "JSON" }, written);
  }
  await verify(sql, written);
}

async function measure(
  sql: Sql,
  pid: number,
  { shape, size, form }: { shape: RowShape; size: number; form: string },
  written: Written,
): Promise<void> {
  const make = eventSource(shape, now());
  const write = forms.find(({ name }) => name === form)?.write ?? usageRows;
  const ready: string[] = [];
  for (let made = 0; made < events; made += size) {
    const rows = make(size);
    ready.push(write(rows));
    written.count += rows.length;
    written.pico += rows.reduce((sum, row) => sum + BigInt(row.cost_pico), 0n);
  }
  const [cpu, begun] = [cpuMicros(pid), stopwatch()];
  for (const batch of ready) await sql`select meter(${batch})`;
  const used = (cpuMicros(pid) - cpu) / 1e6;
  const taken = (stopwatch() - begun) / 1000;
  const count = ready.length * size;
  const cells = [
    shape.title.padEnd(36),
    `batches of ${String(size).padStart(4)} as ${form}`,
    `${(count / used).toFixed(0).padStart(6)}/s a core`,
    `${(count / taken).toFixed(0).padStart(6)}/s by the clock`,
  ];
  console.log(cells.join("  "));
}

/** Every sum and counter against what was handed over. */
async function verify(sql: Sql, written: Written): Promise<void> {
  const [row] = await sql`select
    (select count(*) || ' ' || sum(cost_pico) from usage_events) as events,
    (select sum(requests) || ' ' || sum(cost_pico) from usage_sums where dimension = 'model' and grain = 'hour') as hours,
    (select sum(requests) || ' ' || sum(cost_pico) from usage_sums where dimension = 'key' and grain = 'day') as days,
    (select sum(settled_pico) from spend_months where scope = 'key')::text as keys,
    (select sum(settled_pico) from spend_months where scope = 'organization')::text as organizations`;
  const expected = `${written.count} ${written.pico}`;
  const isExact =
    [row?.events, row?.hours, row?.days].every((sums) => sums === expected) &&
    [row?.keys, row?.organizations].every((sum) => sum === String(written.pico));
  console.log(
    `${written.count} events written; events, hours, days and counters ${isExact ? "agree" : "DO NOT AGREE"}\n`,
  );
}
