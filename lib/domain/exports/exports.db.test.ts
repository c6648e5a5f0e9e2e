import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { type UsageRow, usageRows } from "#db/usage-rows.ts";
import { addDays, addMinutes, now } from "#lib/core/clock.ts";
import { connectors } from "#lib/core/connectors.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { connectService } from "#lib/domain/connections/connecting/commands.ts";
import { connectInput } from "#lib/domain/connections/input.ts";
import { asSystem } from "#lib/testing/billing.ts";
import { CustomerBucket } from "#lib/testing/customer-bucket.ts";
import { testUsageRow } from "#lib/testing/metering.ts";
import { attributesOf, OtlpServer } from "#lib/testing/otlp-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { bindHours } from "./binding/commands.ts";
import { dropOverdue, releaseExports, sendNextParcel } from "./delivery/commands.ts";
import { dueExports, overdueExports } from "./queries.ts";
import { patienceDays } from "./rules.ts";

const { sql, db } = await testDatabase();
const collector = new OtlpServer();
const bucket = new CustomerBucket();
let ctx: Context;
let house: OrganizationContext;
let key: Id<"key">;

beforeAll(async () => {
  await collector.start();
  await bucket.start();
  await sql`select ensure_usage_partition(${now()})`;
});
afterAll(async () => {
  await collector.close();
  await bucket.close();
});
beforeEach(async () => {
  Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
  collector.reset();
  bucket.reset();
  await sql`delete from connections`;
  await sql`delete from usage_exports`;
  ctx = await testWorkspace(db);
  house = asSystem(ctx, db, ctx.now);
  key = newId("key", ctx.now);
});

const connect = async (connector: "otlp" | "langfuse" | "s3-usage", fields: object): Promise<Id<"connection">> => {
  const acknowledged = connectors[connector].disclaimer.version;
  const form = { connector, name: "Ours", scope: "organization", acknowledged, ...fields };
  const id = await connectService(ctx, connectInput.parse(form));
  collector.reset();
  bucket.reset();
  return id;
};
const connectOtlp = (signals = "both") =>
  connect("otlp", { endpoint: collector.url, signals, header: "x-key", headerValue: "Bearer very-secret-token" });
const connectBucket = () => connect("s3-usage", bucket.form);

/** Events that are committed, each in a transaction of its own unless they are given together. */
const use = async (count = 1, given: Partial<UsageRow> = {}): Promise<UsageRow[]> => {
  const rows = Array.from({ length: count }, (_, n) => ({
    ...testUsageRow(ctx, key, { cost: BigInt(n + 3), waived: 0n }),
    ...given,
  }));
  for (const row of rows) await sql`select meter(${usageRows([row])})`;
  return rows;
};
/** Sends all that waits, as the job does; later by some minutes. */
const work = async (id: Id<"connection">, minutes = 0, worker = "one"): Promise<void> => {
  const at = asSystem(ctx, db, addMinutes(ctx.now, minutes));
  while (await sendNextParcel(at, id, worker));
  await releaseExports(at, id, worker);
};
const state = async (id: Id<"connection">) =>
  (await sql`select state, last_error from connections where id = ${id}`)[0];
const attempts = (id: Id<"connection">) =>
  sql`select status, about, outcome from connection_attempts where connection_id = ${id} and kind = 'export' order by id`;
const waiting = async (id: Id<"connection">) => {
  const [row] = await sql`select (select count(*)::int from usage_exports where connection_id = ${id}) as queued,
    (select count(*)::int from export_parcels where connection_id = ${id} and sent_at is null and dropped_at is null) as bound`;
  return [row?.queued, row?.bound];
};
const spanIds = () => collector.spans.map((span) => attributesOf(span)["comptoir.request_id"]);

describe("contract 41: a collector", () => {
  test("is tested with a span and empty metrics before it is connected, and refused where it takes neither", async () => {
    const acknowledged = connectors.otlp.disclaimer.version;
    const settings = { endpoint: collector.url, signals: "both", header: "x-key", headerValue: "k" };
    const form = { connector: "otlp", name: "Ours", scope: "organization", acknowledged, ...settings };
    const connecting = () => connectService(ctx, connectInput.parse(form));
    await connecting();
    expect(collector.calls.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/metrics"]);
    expect(collector.calls[0]?.text).toContain("comptoir.test");
    collector.fault = ({ path }) => (path === "/v1/metrics" ? { status: 404 } : undefined);
    await expect(connecting()).rejects.toMatchObject({ code: "connection_test_failed" });
  });

  test("gets each event once, traces and metrics, in its own header, whose sums are those of usage", async () => {
    const id = await connectOtlp();
    const rows = await use(5, { prompt_tokens: 10, completion_tokens: 7 });
    await work(id);
    expect(spanIds().toSorted()).toEqual(rows.map((row) => row.id).toSorted());
    expect(collector.calls.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/metrics"]);
    expect(collector.calls.map(({ headers }) => [headers["x-key"], headers["content-encoding"]])).toEqual(
      Array.from({ length: 2 }, () => ["Bearer very-secret-token", "gzip"]),
    );
    const tokens = collector.spans.map((span) => Number(attributesOf(span)["gen_ai.usage.input_tokens"]));
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(await waiting(id)).toEqual([0, 0]);
    await work(id);
    expect(collector.calls).toHaveLength(2);
  });

  test("that asks to be left alone is, and gets the same spans after that", async () => {
    const id = await connectOtlp("traces");
    await use(3);
    collector.fault = () => ({ status: 503, headers: { "retry-after": "600" } });
    await work(id);
    expect(await state(id)).toMatchObject({ state: "failing" });
    collector.fault = () => undefined;
    await work(id, 9);
    expect([await dueExports(asSystem(ctx, db, addMinutes(ctx.now, 9))), collector.spans]).toEqual([[], []]);
    await use(1);
    await work(id, 11);
    expect(collector.to("/v1/traces").map(({ text }) => text.split("spanId").length - 1)).toEqual([3, 1]);
    expect(await state(id)).toEqual({ state: "connected", last_error: null });
  });

  test.each([429, 502, 503, 504, 500])("that answers %i is tried again", async (status) => {
    const id = await connectOtlp("traces");
    const rows = await use(2);
    collector.fault = () => ({ status });
    await work(id);
    expect([await state(id), await waiting(id)]).toMatchObject([{ state: "failing" }, [0, 1]]);
    collector.fault = () => undefined;
    await work(id, 1);
    expect(spanIds().toSorted()).toEqual(rows.map((row) => row.id).toSorted());
  });

  test.each([401, 403, 404, 410])(
    "that answers %i needs its people; nothing is lost until they come",
    async (status) => {
      const id = await connectOtlp("traces");
      const before = await use(2);
      collector.fault = () => ({ status });
      await work(id);
      expect(await state(id)).toMatchObject({ state: "needs_reconnect" });
      collector.fault = () => undefined;
      const after = await use(1);
      await work(id, 60);
      expect(collector.calls).toEqual([]);
      await sql`update connections set state = 'connected', failing_since = null where id = ${id}`;
      await work(id, 61);
      expect(spanIds().toSorted()).toEqual([...before, ...after].map((row) => row.id).toSorted());
    },
  );

  test("whose reply is lost gets the very same message again, so a span that came twice is still one", async () => {
    const id = await connectOtlp("traces");
    const rows = await use(3);
    collector.fault = () => "lost";
    await work(id);
    collector.fault = () => undefined;
    await use(2);
    await work(id, 1);
    const [first, second] = collector.to("/v1/traces");
    expect(second?.text).toBe(first?.text);
    expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(rows.length + 2);
  });

  test("that took the traces and not the metrics gets the metrics alone", async () => {
    const id = await connectOtlp();
    await use(2);
    collector.fault = ({ path }) => (path === "/v1/metrics" ? { status: 502 } : undefined);
    await work(id);
    collector.fault = () => undefined;
    await work(id, 1);
    expect(collector.calls.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/metrics"]);
  });

  test("that takes a part is believed: it is noted, without what we signed in with, and not sent again", async () => {
    const id = await connectOtlp("traces");
    await use(2);
    const errorMessage = "too old for Bearer very-secret-token";
    const body = JSON.stringify({ partialSuccess: { rejectedSpans: "1", errorMessage } });
    collector.fault = () => ({ status: 200, body });
    await work(id);
    await work(id, 1);
    expect(await attempts(id)).toEqual([
      { status: 200, outcome: "ok", about: "2 requests: 1 were not taken. too old for …" },
    ]);
  });

  test("of a workspace gets what that workspace uses; one that blocks it, nothing, though it waits already", async () => {
    const id = await connectOtlp("traces");
    await use(2);
    await sql`insert into connector_rules values (${ctx.organizationId}, 'otlp', ${ctx.workspaceId}, 'blocked', 'x', ${ctx.now})`;
    await work(id);
    expect([collector.calls, await waiting(id)]).toEqual([[], [0, 0]]);
  });

  test("gets windows of metrics that follow one another without a gap", async () => {
    const id = await connectOtlp("metrics");
    for (const minutes of [0, 1, 2]) {
      await use(1);
      await work(id, minutes);
    }
    const windows = collector.to("/v1/metrics").map(({ text }) => {
      const [point] = JSON.parse(text).resourceMetrics[0].scopeMetrics[0].metrics[0].histogram.dataPoints;
      return [point.startTimeUnixNano, point.timeUnixNano];
    });
    expect(windows).toHaveLength(3);
    expect([windows[1]?.[0], windows[2]?.[0]]).toEqual([windows[0]?.[1], windows[1]?.[1]]);
  });
});

test("contract 41: Langfuse is sent to its own path, with Basic and the version of its ingestion, and no metrics", async () => {
  const id = await connect("langfuse", { endpoint: collector.url, publicKey: "pk-lf-1", secretKey: "sk-lf-2" });
  await use(1);
  await work(id);
  const [call, ...more] = collector.calls;
  expect([call?.path, more]).toEqual(["/api/public/otel/v1/traces", []]);
  expect(call?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-2").toString("base64")}`,
    "x-langfuse-ingestion-version": "4",
  });
});

const hours = (count: number) => 60 * count;
/** Binds what was committed before the hour of this many minutes later, and writes it. */
const write = async (id: Id<"connection">, minutes: number): Promise<void> => {
  await bindHours(asSystem(ctx, db, addMinutes(ctx.now, minutes)), id);
  await work(id, minutes);
};
const files = () => bucket.names.filter((name) => name.endsWith(".jsonl.gz"));

describe("contract 41: a bucket", () => {
  test("gets a file of the hour's events, its schema, and last of all the manifest", async () => {
    const id = await connectBucket();
    const rows = await use(4);
    await write(id, hours(1));
    const [file = ""] = files();
    const hour = ctx.now.toISOString().slice(0, 13).replace("T", "/hour=");
    expect(bucket.names).toEqual([file, "comptoir/_schema.json", `comptoir/dt=${hour}/_manifest`]);
    expect(file).toMatch(new RegExp(`^comptoir/dt=${hour}/${ctx.organizationId}-\\d+-4\\.jsonl\\.gz$`));
    const lines = await bucket.lines(file);
    expect(lines.map((line) => line.id).toSorted()).toEqual(rows.map((row) => row.id).toSorted());
    const manifest = JSON.parse((await bucket.bytes(`comptoir/dt=${hour}/_manifest`)).toString());
    expect(manifest.events).toBe(4);
    expect(manifest.files[0].bytes).toBe((await bucket.bytes(file)).length);
    expect(await waiting(id)).toEqual([0, 0]);
  });

  test("gets nothing of an hour that is not over", async () => {
    const id = await connectBucket();
    await use(1);
    expect(await bindHours(house, id)).toBe(false);
    expect(await waiting(id)).toEqual([1, 0]);
  });

  test.each(["lost", 500] as const)("that answers %s gets the same bytes under the same name", async (wrong) => {
    const id = await connectBucket();
    await use(3);
    bucket.fault = ({ name }) => (name.endsWith(".gz") ? wrong : null);
    await write(id, hours(1));
    const before = wrong === "lost" ? await bucket.bytes(files()[0] ?? "") : null;
    expect([await state(id), await waiting(id)]).toMatchObject([{ state: "failing" }, [0, 2]]);
    bucket.fault = () => null;
    // What is committed meanwhile belongs to another file.
    await use(2);
    await work(id, hours(1) + 5);
    expect(new Set(files()).size).toBe(1);
    if (before) expect(await bucket.bytes(files()[0] ?? "")).toEqual(before);
    expect((await bucket.lines(files()[0] ?? "")).length).toBe(3);
  });

  test("with a wrong secret needs its people, and is not connected in the first place", async () => {
    await expect(connect("s3-usage", { ...bucket.form, secretAccessKey: "WRONG" })).rejects.toMatchObject({
      code: "connection_test_failed",
    });
    const id = await connectBucket();
    await use(1);
    bucket.fault = () => 403;
    await write(id, hours(1));
    expect(await state(id)).toEqual({ state: "needs_reconnect", last_error: "It answered 403 SlowDown." });
  });

  test("gets nothing more in an hour that has its manifest: what is committed late is in the next", async () => {
    const id = await connectBucket();
    await use(1);
    await write(id, hours(1));
    const [first = ""] = files();
    await use(1);
    await sql`update usage_exports set at = at - interval '30 minutes'`;
    await write(id, hours(2));
    const [, late = ""] = files();
    expect(late.split("/").slice(0, -1)).not.toEqual(first.split("/").slice(0, -1));
  });
});

describe("contract 42: each event leaves once", () => {
  test("also a long stream, which is committed late under an early id", async () => {
    const [traces, shelf] = [await connectOtlp("traces"), await connectBucket()];
    const stream = testUsageRow(ctx, key, { cost: 9n, waived: 0n });
    const rows = await use(2);
    await work(traces);
    await sql`select meter(${usageRows([stream])})`;
    await work(traces, 1);
    expect(spanIds()).toEqual([...rows, stream].map((row) => row.id));
    await write(shelf, hours(1));
    const lines = await bucket.lines(files()[0] ?? "");
    expect(lines.map((line) => line.id)).toEqual([...rows, stream].map((row) => row.id));
  });

  test("also one whose transaction was open while others were sent", async () => {
    const id = await connectOtlp("traces");
    const open = testUsageRow(ctx, key, { cost: 9n, waived: 0n });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = () => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const late = sql.begin(async (tx) => {
      await tx`select queue_exports(${usageRows([open])}::usage_events[])`;
      await tx`insert into usage_events select * from unnest(${usageRows([open])}::usage_events[])`;
      begun();
      await held;
    });
    await isBegun;
    const rows = await use(2);
    await work(id);
    release();
    await late;
    await work(id, 1);
    expect(spanIds()).toEqual([...rows, open].map((row) => row.id));
  });

  test("with several workers at once, whichever of them is faster", async () => {
    const id = await connectOtlp("traces");
    const batch = Array.from({ length: 1300 }, () => testUsageRow(ctx, key, { cost: 2n, waived: 0n }));
    await sql`select meter(${usageRows(batch)})`;
    await Promise.all(["one", "two", "three"].map((worker) => work(id, 0, worker)));
    await work(id);
    expect(spanIds().toSorted()).toEqual(batch.map((row) => row.id).toSorted());
  });

  test.each([
    ["before it could write that they arrived: they are sent again, the same", "update of traced_at", 2],
    ["after it wrote that they arrived: they are not sent again", "delete", 1],
  ])("with a worker that is killed %s", async (_when, step, messages) => {
    const id = await connectOtlp("traces");
    const rows = await use(3);
    await sql.unsafe(`create or replace function die() returns trigger language plpgsql as 'begin raise exception ''killed''; end';
      create trigger die before ${step} on export_parcels for each row execute function die()`);
    await expect(work(id, 0, "killed")).rejects.toThrow();
    await sql`drop trigger die on export_parcels`;
    // It holds the connection until its time is over.
    await work(id, 1);
    expect(collector.calls).toHaveLength(1);
    await work(id, 3);
    expect(collector.calls.map(({ text }) => text)).toEqual(
      Array.from({ length: messages }, () => collector.calls[0]?.text),
    );
    expect(new Set(spanIds()).size).toBe(rows.length);
    expect(await waiting(id)).toEqual([0, 0]);
  });

  test("and the sums of what left are those of usage, fees of fine-tuning too", async () => {
    const id = await connectBucket();
    await use(20);
    await use(2, {
      kind: "training",
      quantity: 5,
      fee_pico: "7",
      cost_pico: "7",
      input_micros: 0,
      cached_input_micros: 0,
      output_micros: 0,
    });
    await write(id, hours(1));
    const lines = await bucket.lines(files()[0] ?? "");
    const cost = lines.reduce((sum, line) => sum + Math.round(Number(line.cost_eur) * 1e12), 0);
    const [sums] = await sql`select sum(cost_pico)::text as pico from usage_sums
      where organization_id = ${ctx.organizationId} and dimension = 'model' and grain = 'day'`;
    expect([lines.length, String(cost)]).toEqual([22, sums?.pico]);
  });
});

describe("contract 42: what waits for too long", () => {
  test("is given up after five days, whatever kept it, and the gap is told", async () => {
    const id = await connectOtlp("traces");
    await use(2);
    await sql`update connections set state = 'needs_reconnect' where id = ${id}`;
    const [queued] = await sql`select min(at) as at from usage_exports`;
    const early = asSystem(ctx, db, addMinutes(addDays(ctx.now, patienceDays), -1));
    expect(await overdueExports(early)).toEqual([]);
    const late = asSystem(ctx, db, addMinutes(addDays(ctx.now, patienceDays), 1));
    expect(await overdueExports(late)).toEqual([{ organizationId: ctx.organizationId, connectionId: id }]);
    await dropOverdue(late, id);
    expect([await waiting(id), await overdueExports(late)]).toEqual([[0, 0], []]);
    const [gap] = await sql`select gap_from, gap_until from connections where id = ${id}`;
    expect(gap).toEqual({ gap_from: queued?.at, gap_until: null });
  });

  test("is given up with a connection that is switched off, files that were bound too", async () => {
    const id = await connectBucket();
    await use(1);
    bucket.fault = () => 500;
    await write(id, hours(1));
    await sql`update connections set failing_since = ${addDays(ctx.now, -6)} where id = ${id}`;
    await work(id, hours(2));
    expect([await state(id), await waiting(id)]).toMatchObject([{ state: "paused" }, [0, 0]]);
    const [parcel] =
      await sql`select sent_at, dropped_at is not null as is_dropped from export_parcels where kind = 'file'`;
    expect(parcel).toEqual({ sent_at: null, is_dropped: true });
  });
});
