import type { Db, Sql } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { addDays, dayOf, now, stopwatch } from "#lib/core/clock.ts";
import { inOrganization, inWorkspace } from "#lib/core/context.ts";
import { explore, seriesQuery } from "#lib/domain/usage/explorer/queries.ts";
import { periodOf, type Question } from "#lib/domain/usage/rules.ts";
import { systemContext } from "#server/system-context.ts";

const runs = 20;
const days = 90;
/** The largest organization has two events in five; the others share the rest. */
const organizations = 1000;
const sizes = (process.env.BENCH_CHARTS ?? "1e6,1e7").split(",").map(Number);
const generated = 1e8;
const largest = "org_000";

/** What the sums are made by: each dimension in each grain. */
const series = [
  { grain: "day", since: days, dimension: "model", value: "model" },
  { grain: "day", since: days, dimension: "key", value: "key_id" },
  { grain: "hour", since: 14, dimension: "model", value: "model" },
  { grain: "hour", since: 14, dimension: "key", value: "key_id" },
];

/** Short ids: a hundred million rows of real ones would say the same and not fit on the disk. */
const parts = `
  case when n % 5 < 2 then '${largest}' else 'org_' || (n % ${organizations}) end as organization_id,
  'ws_' || case when n % 5 < 2 then n / 7 % 5 else n % ${organizations} end as workspace_id,
  'key_' || case when n % 5 < 2 then n / 11 % 50 else n % ${organizations} * 4 + n / 13 % 4 end as key_id,
  'model-' || case when n % 5 < 2 then n / 17 % 10 else n / 19 % 3 end as model`;

export async function showCharts({ sql, db }: { sql: Sql; db: Db }): Promise<void> {
  console.log(`charts of the largest of ${organizations} organizations, ${days} days by model, median of ${runs}`);
  const today = dayOf(now());
  for (let day = 0; day <= days + 31; day += 28)
    await sql`select ensure_usage_partition(${addDays(now(), -day).toISOString()}::timestamptz)`;
  await sql.unsafe("set synchronous_commit = off");
  const measured: { size: number; chart: number }[] = [];
  let loaded = 0;
  for (const size of sizes) {
    await load(sql, today, loaded, size);
    loaded = size;
    measured.push({ size, chart: await show(sql, db, size, "events loaded") });
  }
  await generate(sql, today);
  measured.push({ size: generated, chart: await show(sql, db, generated, "events, their sums generated") });
  const [first, last] = [measured[0], measured.at(-1)];
  if (first && last) {
    console.log(
      `the chart at ${words(last.size)} takes ${(last.chart / first.chart).toFixed(2)} of what it takes at ${words(first.size)}\n`,
    );
  }
}

const words = (size: number): string => `${size / 1e6} M`;

/** Events straight into their partitions, then the sums of all of them in one go, laid down in the order of time as they would be. */
async function load(sql: Sql, today: string, from: number, to: number): Promise<void> {
  const begun = stopwatch();
  await sql.unsafe(`insert into usage_events (organization_id, id, at, workspace_id, key_id, user_id, endpoint, requested_model, model,
      streamed, prompt_tokens, cached_tokens, completion_tokens, input_micros, cached_input_micros, output_micros, cost_pico,
      latency_ms, status, outcome, address, agent, clause, training_eligible)
    select organization_id, 'req_' || lpad(n::text, 12, '0'), '${today}'::timestamptz - interval '${days - 1} days' + (n::float8 / ${to}) * interval '${days} days',
      workspace_id, key_id, 'usr', 'chat', 'm', model, false, n % 2000, 0, n % 600, 150000, 15000, 600000,
      n % 2000 * 150000::numeric + n % 600 * 600000, 1, 200, 'answered', '', '', '', false
    from (select n, ${parts} from generate_series(${from}, ${to - 1}) as n) as made`);
  await sql`truncate usage_sums`;
  for (const { grain, since, dimension, value } of series) {
    await sql.unsafe(`insert into usage_sums select organization_id, '${dimension}', '${grain}', date_trunc('${grain}', at, 'UTC'), workspace_id, ${value},
          count(*), 0, sum(prompt_tokens), 0, sum(completion_tokens), sum(cost_pico)
        from usage_events where at >= '${today}'::timestamptz - interval '${since - 1} days' group by 1, 4, 5, 6 order by 4, 1`);
  }
  await sql`vacuum analyze usage_sums`;
  const [row] =
    await sql`select (select sum(requests) from usage_sums where dimension = 'model' and grain = 'day')::bigint as summed,
    (select count(*) from usage_events) as events, pg_size_pretty(pg_database_size(current_database())) as size,
    (select count(*) from usage_sums) as sums`;
  const isExact = row?.summed === row?.events;
  console.log(
    `${words(to)}: loaded in ${((stopwatch() - begun) / 1000).toFixed(0)} s, ${row?.size}, ${row?.sums} sums, ${isExact ? "exact" : "NOT EXACT"}`,
  );
}

/** The sums a hundred million such events leave: every thing has its row in every hour and day. */
async function generate(sql: Sql, today: string): Promise<void> {
  await sql`truncate usage_events`;
  await sql`truncate usage_sums`;
  const things = `select distinct organization_id, workspace_id, key_id, model from (select ${parts} from generate_series(0, 999999) as n) as made`;
  for (const { grain, since, dimension, value } of series) {
    await sql.unsafe(`insert into usage_sums select organization_id, '${dimension}', '${grain}', start, workspace_id, value,
          1000, 0, 1000000, 0, 300000, 330000000000
        from (select distinct organization_id, workspace_id, ${value} as value from (${things}) as things) as valued,
          generate_series('${today}'::timestamptz - interval '${since - 1} days', '${today}'::timestamptz + interval '23 hours', interval '1 ${grain}') as start order by start, organization_id`);
  }
  await sql`vacuum analyze usage_sums`;
}

type QueryPlan = { "Planning Time": number; "Execution Time": number };

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function show(sql: Sql, db: Db, size: number, what: string): Promise<number> {
  const question: Question = {
    range: { from: dayOf(addDays(now(), 1 - days)), to: dayOf(now()) },
    grain: "day",
    by: "model",
    measure: "cost",
    everywhere: true,
    only: undefined,
  };
  const place = { organizationId: largest, workspaceId: null } as const;
  const top = ["model-0", "model-1", "model-2", "model-3", "model-4"];
  const { sql: text, params } = seriesQuery(db, place, { ...question, period: periodOf(question.range) }, top).toSQL();
  const inside = inOrganization({ ...systemContext("bench"), db }, place.organizationId);
  const ctx = inWorkspace(inside, newId("workspace", now()));
  const [inDatabase, page]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs + 3; run++) {
    const [row] = await sql.unsafe(`explain (analyze, timing off, format json) ${text}`, params as string[], {
      prepare: true,
    });
    const [plan] = (row?.["QUERY PLAN"] ?? []) as QueryPlan[];
    const begun = stopwatch();
    await explore(ctx, question, top.length);
    // The first few warm the caches of the connection.
    if (run < 3) continue;
    inDatabase.push((plan?.["Planning Time"] ?? Number.NaN) + (plan?.["Execution Time"] ?? Number.NaN));
    page.push(stopwatch() - begun);
  }
  const cells = [
    `${words(size).padStart(5)} ${what}`.padEnd(36),
    `the chart ${median(inDatabase).toFixed(2)} ms in the database`,
    `all the page asks for, with comparison ${median(page).toFixed(1)} ms`,
  ];
  console.log(cells.join("  "));
  return median(inDatabase);
}
