import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { connectors } from "#lib/core/connectors.ts";
import { connectService } from "#lib/domain/connections/connecting/commands.ts";
import { connectInput } from "#lib/domain/connections/input.ts";
import { bindHours } from "#lib/domain/exports/binding/commands.ts";
import { folderOf } from "#lib/domain/exports/files/rules.ts";
import { dueExports } from "#lib/domain/exports/queries.ts";
import { hourOf } from "#lib/domain/exports/rules.ts";
import { Exports } from "#lib/testing/exports.ts";
import { attributesOf } from "#lib/testing/otlp-server.ts";

const { sql, db } = await testDatabase();
const exports = new Exports(db, sql);
beforeAll(() => exports.start());
afterAll(() => exports.close());
beforeEach(() => exports.begin());

const hours = (count: number) => 60 * count;

const attempts = (id: Id<"connection">) =>
  sql`select status, about, outcome from connection_attempts where connection_id = ${id} and kind = 'export' order by id`;

describe("contract 41: a exports.collector", () => {
  test("is tested with a span and empty metrics before it is connected, and refused where it takes neither", async () => {
    const acknowledged = connectors.otlp.disclaimer.version;
    const settings = { endpoint: exports.collector.url, signals: "both", header: "x-key", headerValue: "k" };
    const form = { connector: "otlp", name: "Ours", scope: "organization", acknowledged, ...settings };
    const connecting = () => connectService(exports.ctx, connectInput.parse(form));
    await connecting();
    expect(exports.collector.calls.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/metrics"]);
    expect(exports.collector.calls[0]?.text).toContain("comptoir.test");
    exports.collector.fault = ({ path }) => (path === "/v1/metrics" ? { status: 404 } : undefined);
    await expect(connecting()).rejects.toMatchObject({ code: "connection_test_failed" });
  });

  test("gets each event once, traces and metrics, in its own header, whose sums are those of usage", async () => {
    const id = await exports.connectOtlp();
    const rows = await exports.use(5, { prompt_tokens: 10, completion_tokens: 7 });
    await exports.work(id);
    expect(exports.spanIds.toSorted()).toEqual(rows.map((row) => row.id).toSorted());
    expect(exports.collector.calls.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/metrics"]);
    expect(exports.collector.calls.map(({ headers }) => [headers["x-key"], headers["content-encoding"]])).toEqual(
      Array.from({ length: 2 }, () => ["Bearer very-secret-token", "gzip"]),
    );
    const tokens = exports.collector.spans.map((span) => Number(attributesOf(span)["gen_ai.usage.input_tokens"]));
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(await exports.waiting(id)).toEqual([0, 0]);
    await exports.work(id);
    expect(exports.collector.calls).toHaveLength(2);
  });

  test("that asks to be left alone is, and gets the same spans after that", async () => {
    const id = await exports.connectOtlp("traces");
    await exports.use(3);
    exports.collector.fault = () => ({ status: 503, headers: { "retry-after": "600" } });
    await exports.work(id);
    expect(await exports.state(id)).toMatchObject({ state: "failing" });
    exports.collector.fault = () => undefined;
    await exports.work(id, 9);
    expect([await dueExports(exports.house(9)), exports.collector.spans]).toEqual([[], []]);
    await exports.use(1);
    await exports.work(id, 11);
    expect(exports.collector.to("/v1/traces").map(({ text }) => text.split("spanId").length - 1)).toEqual([3, 1]);
    expect(await exports.state(id)).toEqual({ state: "connected", last_error: null });
  });

  test.each([429, 502, 503, 504, 500])("that answers %i is tried again", async (status) => {
    const id = await exports.connectOtlp("traces");
    const rows = await exports.use(2);
    exports.collector.fault = () => ({ status });
    await exports.work(id);
    expect([await exports.state(id), await exports.waiting(id)]).toMatchObject([{ state: "failing" }, [0, 1]]);
    exports.collector.fault = () => undefined;
    await exports.work(id, 1);
    expect(exports.spanIds.toSorted()).toEqual(rows.map((row) => row.id).toSorted());
  });

  test.each([401, 403, 404, 410])(
    "that answers %i needs its people; nothing is lost until they come",
    async (status) => {
      const id = await exports.connectOtlp("traces");
      const before = await exports.use(2);
      exports.collector.fault = () => ({ status });
      await exports.work(id);
      expect(await exports.state(id)).toMatchObject({ state: "needs_reconnect" });
      exports.collector.fault = () => undefined;
      const after = await exports.use(1);
      await exports.work(id, 60);
      expect(exports.collector.calls).toEqual([]);
      await sql`update connections set state = 'connected', failing_since = null where id = ${id}`;
      await exports.work(id, 61);
      expect(exports.spanIds.toSorted()).toEqual([...before, ...after].map((row) => row.id).toSorted());
    },
  );

  test("whose reply is lost gets the very same message again, so a span that came twice is still one", async () => {
    const id = await exports.connectOtlp("traces");
    const rows = await exports.use(3);
    exports.collector.fault = () => "lost";
    await exports.work(id);
    exports.collector.fault = () => undefined;
    await exports.use(2);
    await exports.work(id, 1);
    const [first, second] = exports.collector.to("/v1/traces");
    expect(second?.text).toBe(first?.text);
    expect(new Set(exports.collector.spans.map(({ spanId }) => spanId)).size).toBe(rows.length + 2);
  });

  test("that took the traces and not the metrics gets the metrics alone", async () => {
    const id = await exports.connectOtlp();
    await exports.use(2);
    exports.collector.fault = ({ path }) => (path === "/v1/metrics" ? { status: 502 } : undefined);
    await exports.work(id);
    exports.collector.fault = () => undefined;
    await exports.work(id, 1);
    expect(exports.collector.calls.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/metrics"]);
  });

  test("that takes a part is believed: it is noted, without what we signed in with, and not sent again", async () => {
    const id = await exports.connectOtlp("traces");
    await exports.use(2);
    const errorMessage = "too old for Bearer very-secret-token";
    const body = JSON.stringify({ partialSuccess: { rejectedSpans: "1", errorMessage } });
    exports.collector.fault = () => ({ status: 200, body });
    await exports.work(id);
    await exports.work(id, 1);
    expect(await attempts(id)).toEqual([
      { status: 200, outcome: "ok", about: "2 requests: 1 were not taken. too old for …" },
    ]);
  });

  test("of a workspace gets what that workspace uses; one that blocks it, nothing, though it waits already", async () => {
    const id = await exports.connectOtlp("traces");
    await exports.use(2);
    await sql`insert into connector_rules values (${exports.ctx.organizationId}, 'otlp', ${exports.ctx.workspaceId}, 'blocked', 'x', ${exports.ctx.now})`;
    await exports.work(id);
    expect([exports.collector.calls, await exports.waiting(id)]).toEqual([[], [0, 0]]);
  });

  test("gets windows of metrics that follow one another without a gap", async () => {
    const id = await exports.connectOtlp("metrics");
    for (const minutes of [0, 1, 2]) {
      await exports.use(1);
      await exports.work(id, minutes);
    }
    const windows = exports.collector.to("/v1/metrics").map(({ text }) => {
      const [point] = JSON.parse(text).resourceMetrics[0].scopeMetrics[0].metrics[0].histogram.dataPoints;
      return [point.startTimeUnixNano, point.timeUnixNano];
    });
    expect(windows).toHaveLength(3);
    expect([windows[1]?.[0], windows[2]?.[0]]).toEqual([windows[0]?.[1], windows[1]?.[1]]);
  });
});

test("contract 41: Langfuse is sent to its own path, with Basic and the version of its ingestion, and no metrics", async () => {
  const id = await exports.connect("langfuse", {
    endpoint: exports.collector.url,
    publicKey: "pk-lf-1",
    secretKey: "sk-lf-2",
  });
  await exports.use(1);
  await exports.work(id);
  const [call, ...more] = exports.collector.calls;
  expect([call?.path, more]).toEqual(["/api/public/otel/v1/traces", []]);
  expect(call?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-2").toString("base64")}`,
    "x-langfuse-ingestion-version": "4",
  });
});

describe("contract 41: a bucket", () => {
  test("gets a file of the hour's events, its schema, and last of all the manifest", async () => {
    const id = await exports.connectBucket();
    const rows = await exports.use(4);
    await exports.write(id, hours(1));
    const [file = ""] = exports.files;
    const hour = exports.ctx.now.toISOString().slice(0, 13).replace("T", "/hour=");
    expect(exports.bucket.names).toEqual([file, "comptoir/_schema.json", `comptoir/dt=${hour}/_manifest`]);
    expect(file).toMatch(new RegExp(`^comptoir/dt=${hour}/${exports.ctx.organizationId}-\\d+-4\\.jsonl\\.gz$`));
    const lines = await exports.bucket.lines(file);
    expect(lines.map((line) => line.id).toSorted()).toEqual(rows.map((row) => row.id).toSorted());
    const manifest = JSON.parse((await exports.bucket.bytes(`comptoir/dt=${hour}/_manifest`)).toString());
    expect(manifest.events).toBe(4);
    expect(manifest.files[0].bytes).toBe((await exports.bucket.bytes(file)).length);
    expect(await exports.waiting(id)).toEqual([0, 0]);
  });

  test("gets nothing of an hour that is not over", async () => {
    const id = await exports.connectBucket();
    await exports.use(1);
    expect(await bindHours(exports.house(), id)).toBe(false);
    expect(await exports.waiting(id)).toEqual([1, 0]);
  });

  test.each(["lost", 500] as const)("that answers %s gets the same bytes under the same name", async (wrong) => {
    const id = await exports.connectBucket();
    await exports.use(3);
    exports.bucket.fault = ({ name }) => (name.endsWith(".gz") ? wrong : null);
    await exports.write(id, hours(1));
    const before = wrong === "lost" ? await exports.bucket.bytes(exports.files[0] ?? "") : null;
    expect([await exports.state(id), await exports.waiting(id)]).toMatchObject([{ state: "failing" }, [0, 2]]);
    exports.bucket.fault = () => null;
    // What is committed meanwhile belongs to another file.
    await exports.use(2);
    await exports.work(id, hours(1) + 5);
    expect(new Set(exports.files).size).toBe(1);
    if (before) expect(await exports.bucket.bytes(exports.files[0] ?? "")).toEqual(before);
    expect((await exports.bucket.lines(exports.files[0] ?? "")).length).toBe(3);
  });

  test("with a wrong secret needs its people, and is not connected in the first place", async () => {
    await expect(
      exports.connect("s3-usage", { ...exports.bucket.form, secretAccessKey: "WRONG" }),
    ).rejects.toMatchObject({
      code: "connection_test_failed",
    });
    const id = await exports.connectBucket();
    await exports.use(1);
    exports.bucket.fault = () => 403;
    await exports.write(id, hours(1));
    expect(await exports.state(id)).toEqual({ state: "needs_reconnect", last_error: "It answered 403 SlowDown." });
  });

  test("gets nothing more in an hour that has its manifest: what is committed late is in the next", async () => {
    const id = await exports.connectBucket();
    await exports.use(1);
    await exports.write(id, hours(1));
    const [first = ""] = exports.files;
    await exports.use(1);
    await sql`update usage_exports set at = ${exports.ctx.now}`;
    await exports.write(id, hours(2));
    const [, late = ""] = exports.files;
    const folder = (minutes: number) => folderOf(hourOf(exports.house(minutes).now));
    expect([first, late].map((name) => name.split("/").slice(1, 3).join("/"))).toEqual([folder(0), folder(hours(1))]);
  });
});
