import fs from "node:fs";
import type { Db, Sql } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { usageRows } from "#db/usage-rows.ts";
import { addDays, now, stopwatch } from "#lib/core/clock.ts";
import { inOrganization } from "#lib/core/context.ts";
import { ensureAccount, publishBilling } from "#lib/domain/billing/accounts/commands.ts";
import { closeMonth } from "#lib/domain/billing/closing/commands.ts";
import { cycleOf, monthAfter } from "#lib/domain/billing/cycles/rules.ts";
import { systemContext } from "#server/system-context.ts";
import { cpuMicros, pin } from "./cpu.ts";
import { serverCore } from "./parts.ts";
import { eventSource } from "./usage-rows.ts";

const rounds = 12;
const batches = 20;
const shape = { title: "20 organizations", organizations: 20, keys: 5, models: 3, endUsers: 0 };
const sizes = (process.env.BENCH_CLOSE ?? "1e6,1e7,5e7").split(",").map(Number);

/** What keeping lines for invoices and watching thresholds costs the meter, and how long a month takes to close. */
export async function showBilling({ sql, db }: { sql: Sql; db: Db }): Promise<void> {
  await publishBilling(operatorAt(db, now()));
  await showCost(sql);
  await showClosing(sql, db);
}

/** The operator at some moment, on the bench's own connection. */
const operatorAt = (db: Db, at: Date): ReturnType<typeof systemContext> => ({ ...systemContext("bench"), db, now: at });

/** The same function without what billing added to it, made from its own text. */
async function createBefore(sql: Sql): Promise<void> {
  const text = fs.readFileSync("db/functions/meter.sql", "utf8");
  const body = text.slice(0, text.indexOf("-- The same for text"));
  const before = body
    .replace("FUNCTION meter_events(", "FUNCTION meter_events_before(")
    .replace(/\), priced AS \([\s\S]*?\n {2}\), summed AS/, "), summed AS")
    .replace(", input_micros, cached_input_micros, output_micros,\n      date_trunc", ", date_trunc")
    .replace("GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9\n", "GROUP BY 1, 2, 3, 4, 5, 6\n")
    .replace(/\n {6}RETURNING organization_id[\s\S]*?LIMIT 1\n/, "\n")
    .replace(", EXISTS (SELECT FROM met)\n    INTO costs, is_met", " INTO costs")
    .replace(/ {2}-- T-5\.2-ADV2[\s\S]*?END IF;\n/, "");
  if (/usage_lines|billing_cycles|input_micros/.test(before)) throw new Error("The meter's text is not as expected.");
  await sql.unsafe(before);
}

async function showCost(sql: Sql): Promise<void> {
  await sql`select ensure_usage_partition(${now().toISOString()}::timestamptz)`;
  await createBefore(sql);
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const pid = backend?.pid ?? 0;
  pin(pid, serverCore);
  const spent = { meter_events: 0, meter_events_before: 0 };
  const make = eventSource(shape, now());
  for (let round = 0; round <= rounds; round++) {
    for (const name of ["meter_events", "meter_events_before"] as const) {
      const ready = Array.from({ length: batches }, () => usageRows(make(500)));
      const cpu = cpuMicros(pid);
      for (const batch of ready) await sql.unsafe(`select ${name}($1::usage_events[], null)`, [batch]);
      // The first round warms up.
      if (round > 0) spent[name] += cpuMicros(pid) - cpu;
    }
  }
  const ratio = spent.meter_events / spent.meter_events_before;
  const each = spent.meter_events / (rounds * batches * 500);
  console.log(
    `metering with lines for invoices and thresholds: ${each.toFixed(1)} µs an event, ${ratio.toFixed(3)} of without\n`,
  );
}

/** Events of one organization straight into their partition, and the lines they come to. */
async function load(sql: Sql, organizationId: string, month: string, count: number): Promise<void> {
  const { startsAt } = cycleOf(month);
  await sql`select ensure_usage_partition(${startsAt.toISOString()}::timestamptz)`;
  await sql.unsafe("set synchronous_commit = off");
  await sql.unsafe(`insert into usage_events (organization_id, id, at, workspace_id, key_id, user_id, endpoint, requested_model, model,
      streamed, prompt_tokens, cached_tokens, completion_tokens, input_micros, cached_input_micros, output_micros, cost_pico,
      latency_ms, status, outcome, address, agent, clause, training_eligible)
    select '${organizationId}', 'req_' || n, '${startsAt.toISOString()}'::timestamptz + n * interval '2 days' / ${count} * 10, 'ws_' || n % 5, 'key_' || n % 50,
      'usr_1', 'chat', 'm', 'model-' || n % 10, false, 1000, 0, 200, 150000, 15000, 600000, 270000000, 900, 200, 'answered', '', '', '', false
    from generate_series(1, ${count}) as n`);
  await sql`insert into usage_lines (organization_id, month, workspace_id, model, input_micros, cached_input_micros, output_micros,
      requests, prompt_tokens, cached_tokens, completion_tokens, cost_pico)
    select organization_id, ${month}::date, workspace_id, model, input_micros, cached_input_micros, output_micros, count(*),
      sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(cost_pico)
    from usage_events where organization_id = ${organizationId} group by 1, 2, 3, 4, 5, 6, 7`;
}

async function showClosing(sql: Sql, db: Db): Promise<void> {
  const month = "2026-01-01";
  for (const count of sizes) {
    const operator = operatorAt(db, now());
    const organizationId = newId("organization", operator.now);
    const userId = newId("user", operator.now);
    await sql`insert into users (id, email, name, created_at) values (${userId}, ${`${userId}@example.com`}, 'Bench', now())`;
    await sql`insert into organizations (id, name, plan, registration_email, created_by, created_at)
      values (${organizationId}, 'Bench', 'paid', 'bench@example.com', ${userId}, now())`;
    await ensureAccount(inOrganization(operator, organizationId));
    await load(sql, organizationId, month, count);
    const begun = stopwatch();
    const after = operatorAt(db, addDays(cycleOf(monthAfter(month)).startsAt, 1));
    const outcome = await closeMonth(inOrganization(after, organizationId), month);
    const taken = (stopwatch() - begun) / 1000;
    console.log(`a month of ${count / 1e6} M events ${outcome} in ${taken.toFixed(2)} s`);
    await sql`drop table usage_events_2026_01`;
  }
}
