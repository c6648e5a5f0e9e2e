import { afterAll, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import { connectors } from "#lib/core/connectors.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { connectService } from "#lib/domain/connections/connecting/commands.ts";
import { connectInput } from "#lib/domain/connections/input.ts";
import { setEndUserMode } from "#lib/domain/end-users/commands.ts";
import { endUserCode } from "#lib/domain/end-users/rules.ts";
import { bindHours } from "#lib/domain/exports/binding/commands.ts";
import { exportSpansJob, exportUsageJob, sendExportsJob } from "#lib/domain/exports/jobs.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { asSystem } from "#lib/testing/billing.ts";
import { CustomerBucket } from "#lib/testing/customer-bucket.ts";
import { attributesOf, OtlpServer } from "#lib/testing/otlp-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
const v1 = await openV1(sql);
const collector = await new OtlpServer().start();
const bucket = await new CustomerBucket().start();
afterAll(async () => {
  await v1.close();
  await collector.close();
  await bucket.close();
});

const canary = "the prompt of the canary that leaves nowhere";
const [trace, parent] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];

const connect = (ctx: Context, connector: "otlp" | "s3-usage", fields: object): Promise<Id<"connection">> => {
  const acknowledged = connectors[connector].disclaimer.version;
  const form = { connector, name: "Ours", scope: "organization", acknowledged, ...fields };
  return connectService(ctx, connectInput.parse(form));
};

async function customer() {
  const ctx = await testWorkspace(db);
  const otlp = { endpoint: collector.url, signals: "both", header: "x-key", headerValue: "secret" };
  const [traces, shelf] = [await connect(ctx, "otlp", otlp), await connect(ctx, "s3-usage", bucket.form)];
  collector.reset();
  bucket.reset();
  return { ctx, secret: await keyOf(ctx), traces, shelf };
}

const chat = (secret: string, more: object = {}, headers: Record<string, string> = {}) =>
  v1.ask(
    secret,
    "POST",
    "/v1/chat/completions",
    { model: "small", messages: [{ role: "user", content: canary }], max_tokens: 5, ...more },
    headers,
  );

/** What is queued for connections, run as the workers would. */
async function work(): Promise<void> {
  const jobs = await sql`select payload from graphile_worker._private_jobs as job
    join graphile_worker._private_tasks as task on task.id = job.task_id where task.identifier = 'integrations.send-exports'`;
  await sql`delete from graphile_worker._private_jobs`;
  for (const { payload } of jobs) await sendExportsJob.perform(payload);
}

/** Lets so many requests leave; what was refused is committed after its answer. */
async function leave(
  { ctx, shelf }: Awaited<ReturnType<typeof customer>>,
  requests: number,
): Promise<Record<string, unknown>[]> {
  const committed = async () =>
    (await sql`select count(*)::int as n from usage_exports, unnest(events) where connection_id = ${shelf}`)[0]?.n;
  await expect.poll(committed).toBe(requests);
  await exportSpansJob.perform({});
  await work();
  await bindHours(asSystem(ctx, db, addMinutes(now(), 60)), shelf);
  await exportSpansJob.perform({ slot: 1 });
  await work();
  const files = bucket.names.filter((name) => name.endsWith(".gz"));
  return (await Promise.all(files.map((name) => bucket.lines(name)))).flat();
}

test("contract 42: what leaves of requests is what usage has of them, below the caller's own trace, and never a word of theirs", async () => {
  const them = await customer();
  const traceparent = `00-${trace}-${parent}-01`;
  expect((await chat(them.secret, { user: "ada", metadata: { topic: canary } }, { traceparent })).status).toBe(200);
  expect((await chat(them.secret, { stream: true, model: canary })).status).toBe(400);
  expect((await chat(them.secret, { user: "bo", temperature: 9 })).status).toBe(422);
  const lines = await leave(them, 3);
  const [kept] = await sql`select count(*)::int as n, sum(prompt_tokens)::int as tokens, sum(cost_pico)::text as pico
    from usage_events where organization_id = ${them.ctx.organizationId}`;
  expect([lines.length, collector.spans.length]).toEqual([kept?.n, kept?.n]);
  expect(lines.reduce((sum, line) => sum + Number(line.prompt_tokens), 0)).toBe(kept?.tokens);
  const answered = collector.spans.filter((span) => attributesOf(span)["http.response.status_code"] === "200");
  expect(answered.map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual([[trace, parent]]);
  expect(attributesOf(answered[0] as (typeof answered)[0])["user.id"]).toBe("ada");
  const left = [...collector.calls.map(({ text }) => text), ...lines.map((line) => JSON.stringify(line))].join("\n");
  expect(left).not.toContain(canary);
  expect((await verify(systemContext("test"))).filter(({ violations }) => violations > 0)).toEqual([]);
});

test("contract 42, T-4.2.1-EU: an end user leaves as their organization keeps them, and one who is forgotten before that not at all", async () => {
  for (const mode of ["hash", "drop"] as const) {
    const them = await customer();
    await setEndUserMode(them.ctx, { mode });
    await chat(them.secret, { user: "grace" });
    const lines = await leave(them, 1);
    const code = mode === "hash" ? endUserCode(them.ctx.organizationId, "grace") : null;
    expect(lines.map((line) => line.end_user)).toEqual([code]);
    expect(collector.spans.map((span) => attributesOf(span)["user.id"] ?? null)).toEqual([code]);
  }
});

test("contract 42, T-4.2.2.2-ZDR4: under zero retention neither an end user nor the caller's trace leaves", async () => {
  const them = await customer();
  await sql`update organizations set zero_retention_since = ${now()} where id = ${them.ctx.organizationId}`;
  for (const more of [{}, { temperature: 9 }])
    await chat(them.secret, { user: "grace", ...more }, { traceparent: `00-${trace}-${parent}-01` });
  const lines = await leave(them, 2);
  expect(lines.map((line) => [line.status, line.end_user])).toEqual([
    [200, null],
    [422, null],
  ]);
  expect(collector.spans.map((span) => [span.parentSpanId, attributesOf(span)["user.id"]])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect(collector.spans.map(({ traceId }) => traceId)).not.toContain(trace);
});

test("contract 42: a caller's trace is kept only where traces leave", async () => {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx);
  const kept = async () => {
    await v1.plane.meter.settled();
    const rows =
      await sql`select trace_parent from usage_events where organization_id = ${ctx.organizationId} order by id`;
    return rows.map((row) => row.trace_parent);
  };
  const traceparent = `00-${trace}-${parent}-00`;
  await chat(secret, {}, { traceparent });
  await connect(ctx, "otlp", { endpoint: collector.url, signals: "traces", header: "x-key", headerValue: "secret" });
  await expect.poll(async () => (await chat(secret, {}, { traceparent })) && (await kept()).at(-1)).not.toBeNull();
  expect((await kept())[0]).toBeNull();
  await chat(secret, {}, { traceparent: canary });
  expect((await kept()).at(-1)).toBeNull();
});

test("contract 42: the hourly job binds for every bucket and wakes who writes", async () => {
  const them = await customer();
  await chat(them.secret);
  await v1.plane.meter.settled();
  await sql`update usage_exports set at = at - interval '1 hour'`;
  await exportUsageJob.perform({});
  await work();
  expect(bucket.names.at(-1)).toMatch(/_manifest$/);
});

test("contract 42: what waits is looked for every ten seconds, by whichever process the minute falls to", async () => {
  await sql`delete from graphile_worker._private_jobs`;
  await exportSpansJob.perform({});
  await exportSpansJob.perform({});
  const slots =
    await sql`select round(extract(epoch from run_at - min(run_at) over ()))::int as after from graphile_worker.jobs
    where task_identifier = 'integrations.export-spans' order by run_at`;
  expect(slots.map(({ after }) => after)).toEqual([0, 10, 20, 30, 40]);
});
