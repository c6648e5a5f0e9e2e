import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testTrace } from "#lib/core/otlp/json.ts";
import { fileBytes, fileName, manifestName, manifestText, schemaText } from "./files/rules.ts";
import { metricsBody } from "./metrics/rules.ts";
import { folderHour, hourOf, type LeavingEvent, pauseAsked } from "./rules.ts";
import { tracedOf, tracesBody } from "./spans/rules.ts";

const at = new Date("2026-11-30T13:59:59.123Z");
const event: LeavingEvent = {
  organizationId: newId("organization", at),
  id: newId("request", at),
  at,
  workspaceId: newId("workspace", at),
  keyId: newId("key", at),
  endUser: "ada",
  endpoint: "chat",
  requestedModel: "tiny-latest",
  model: "tiny-chat-1",
  streamed: true,
  promptTokens: 1200,
  cachedTokens: 200,
  completionTokens: 80,
  inputMicros: 150_000,
  cachedInputMicros: 15_000,
  outputMicros: 600_000,
  costPico: 123_456_789n,
  waivedPico: 0n,
  firstByteMs: 40,
  latencyMs: 1900,
  status: 200,
  outcome: "answered",
  reason: null,
  agentId: null,
  agentVersion: null,
  estimated: false,
  kind: "request",
  jobId: null,
  quantity: 0,
  feePico: 0n,
  traceParent: null,
};

const spanOf = (given: Partial<LeavingEvent>) =>
  JSON.parse(tracesBody([{ ...event, ...given }], "Acme")).resourceSpans[0].scopeSpans[0].spans[0];
const valuesOf = (span: { attributes: { key: string; value: Record<string, unknown> }[] }) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe("contract 42: spans", () => {
  test("say what was used, under the names of the conventions, whole numbers as strings", () => {
    const span = spanOf({});
    expect(valuesOf(span)).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "tiny-latest",
      "gen_ai.response.model": "tiny-chat-1",
      "gen_ai.response.id": Buffer.from(event.id.slice(-16)).toString("hex"),
      "gen_ai.usage.input_tokens": "1200",
      "gen_ai.usage.cache_read.input_tokens": "200",
      "gen_ai.usage.output_tokens": "80",
      "http.response.status_code": "200",
      "user.id": "ada",
      "comptoir.request_id": event.id,
      "comptoir.organization_id": event.organizationId,
      "comptoir.workspace_id": event.workspaceId,
      "comptoir.key_id": event.keyId,
      "comptoir.endpoint": "chat",
      "comptoir.streamed": true,
      "comptoir.outcome": "answered",
      "comptoir.cost_eur": "0.000123456789",
      "comptoir.first_byte_ms": "40",
      "comptoir.tokens_estimated": false,
    });
    const { name, kind, startTimeUnixNano, endTimeUnixNano, status } = span;
    expect({ name, kind, startTimeUnixNano, endTimeUnixNano, status }).toEqual({
      name: "chat tiny-chat-1",
      kind: 2,
      startTimeUnixNano: `${at.getTime()}000000`,
      endTimeUnixNano: `${at.getTime() + 1900}000000`,
      status: {},
    });
  });

  test("hang below the caller's own span, and without one their trace is the answer's id", () => {
    const [trace, parent] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
    const below = spanOf({ traceParent: `00-${trace}-${parent}-01` });
    expect([below.traceId, below.parentSpanId]).toEqual([trace, parent]);
    const alone = spanOf({});
    expect([alone.traceId, alone.parentSpanId]).toEqual([valuesOf(alone)["gen_ai.response.id"], undefined]);
    expect([alone.traceId, alone.spanId]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{16}$/),
    ]);
  });

  test("are the same however often they are made, and two events never share one", () => {
    expect(spanOf({})).toEqual(spanOf({}));
    expect(spanOf({ id: newId("request", at) }).spanId).not.toBe(spanOf({}).spanId);
  });

  test("of failures are failures, and those the caller caused say why without being one", () => {
    const failed = spanOf({ outcome: "failed", reason: "upstream_error", status: 502 });
    expect([failed.status, valuesOf(failed)["error.type"]]).toEqual([{ code: 2 }, "upstream_error"]);
    const refused = spanOf({ outcome: "refused", reason: "spend_limit_reached", status: 402 });
    expect([refused.status, valuesOf(refused)["error.type"]]).toEqual([{}, "spend_limit_reached"]);
    expect(valuesOf(spanOf({ outcome: "aborted" }))["error.type"]).toBe("aborted");
  });

  test("are of requests only, and name what was asked", () => {
    const fee: LeavingEvent = { ...event, kind: "training", feePico: 1n };
    expect(tracedOf([event, fee])).toEqual([event]);
    expect(spanOf({ endpoint: "embeddings" }).name).toBe("embeddings tiny-chat-1");
    expect(spanOf({ agentId: newId("agent", at) }).name).toBe("invoke_agent tiny-chat-1");
  });

  test("of a test say nothing but that", () => {
    const id = newId("request", at);
    const [span] = JSON.parse(testTrace(id, "Acme", at.getTime())).resourceSpans[0].scopeSpans[0].spans;
    expect([span.name, valuesOf(span)]).toEqual(["comptoir.test", { "comptoir.test": true }]);
  });
});

describe("contract 42: metrics", () => {
  const window = { startsAt: at, endsAt: new Date(at.getTime() + 10_000) };
  const events = fc.array(
    fc.record({
      model: fc.constantFrom("a", "b"),
      latencyMs: fc.nat(200_000),
      promptTokens: fc.nat(1_000_000),
      completionTokens: fc.nat(5000),
      outcome: fc.constantFrom("answered" as const, "failed" as const),
    }),
  );

  test("are histograms of one window whose counts and sums are those of its events", () => {
    fc.assert(
      fc.property(events, (given) => {
        const made = given.map((some) => ({ ...event, ...some }));
        const { metrics } = JSON.parse(metricsBody(made, "Acme", window)).resourceMetrics[0].scopeMetrics[0];
        const points = (name: string) =>
          metrics.flatMap((metric: { name: string; histogram: { dataPoints: object[] } }) =>
            metric.name === name ? metric.histogram.dataPoints : [],
          );
        const durations = points("gen_ai.server.request.duration");
        const total = (of: { count: string; bucketCounts: string[] }[]) =>
          of.reduce((n, { count }) => n + Number(count), 0);
        expect(total(durations)).toBe(made.length);
        const tokens: { sum: number }[] = points("gen_ai.client.token.usage");
        expect(tokens.reduce((sum, point) => sum + point.sum, 0)).toBe(
          made.reduce((sum, { promptTokens, completionTokens }) => sum + promptTokens + completionTokens, 0),
        );
        for (const point of [...durations, ...tokens]) {
          expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1);
          expect(point.bucketCounts.reduce((n: number, count: string) => n + Number(count), 0)).toBe(
            Number(point.count),
          );
          expect([point.startTimeUnixNano, point.timeUnixNano]).toEqual([
            `${window.startsAt.getTime()}000000`,
            `${window.endsAt.getTime()}000000`,
          ]);
        }
      }),
    );
  });

  test("count a value on a boundary below it, and say that they are deltas", () => {
    const body = JSON.parse(metricsBody([{ ...event, latencyMs: 10 }], "Acme", window));
    const [durations] = body.resourceMetrics[0].scopeMetrics[0].metrics;
    expect(durations.unit).toBe("s");
    expect(durations.histogram.aggregationTemporality).toBe(1);
    expect(durations.histogram.dataPoints[0].bucketCounts[0]).toBe("1");
  });
});

describe("contract 42: files", () => {
  test("have a line for each event, amounts as exact decimals, every field in the schema", async () => {
    const written = gunzipSync(await fileBytes([event, { ...event, costPico: 2n ** 80n }])).toString();
    const lines = written
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      id: event.id,
      at: "2026-11-30T13:59:59.123Z",
      end_user: "ada",
      prompt_tokens: 1200,
      input_price_eur: "0.15",
      cost_eur: "0.000123456789",
    });
    expect(lines[1].cost_eur).toBe("1208925819614.629174706176");
    const { fields } = JSON.parse(schemaText());
    expect(fields.map(({ name }: { name: string }) => name)).toEqual(Object.keys(lines[0]));
    for (const { name, type, nullable } of fields) {
      const kinds: Record<string, string> = { integer: "number", boolean: "boolean" };
      if (!(nullable && lines[0][name] === null)) expect(typeof lines[0][name], name).toBe(kinds[type] ?? "string");
    }
  });

  test("are the same bytes each time", async () => {
    expect(await fileBytes([event])).toEqual(await fileBytes([{ ...event }]));
  });

  test("stand in the folder of their hour, whose manifest sums them up", () => {
    const hour = hourOf(at);
    const name = fileName(hour, event.organizationId, 42, 2);
    expect(name).toBe(`dt=2026-11-30/hour=13/${event.organizationId}-42-2.jsonl.gz`);
    expect(manifestName(hour)).toBe("dt=2026-11-30/hour=13/_manifest");
    const files = [
      { name, count: 2, bytes: 10, sha256: "ab" },
      { name: "x", count: 3, bytes: 11, sha256: "cd" },
    ];
    expect(JSON.parse(manifestText(hour, files))).toEqual({
      version: 1,
      schema: "_schema.json",
      hour: "2026-11-30T13:00:00.000Z",
      events: 5,
      files,
    });
  });

  test("of what was committed late stand in the next hour, because a closed one stays as it is", () => {
    const hour = hourOf(at);
    expect(folderHour(at, null)).toEqual(hour);
    expect(folderHour(at, hour)).toEqual(hour);
    const closed = new Date("2026-11-30T14:00:00Z");
    expect(folderHour(at, closed)).toEqual(closed);
  });
});

test.each([
  ["nothing", null, null],
  ["seconds", "120", 120_000],
  ["a date", "Mon, 30 Nov 2026 14:00:59 GMT", 61_000],
  ["what is over", "Mon, 30 Nov 2026 10:00:00 GMT", 0],
  ["forever", "999999999", 3_600_000],
  ["words", "soon", null],
  ["a negative", "-5", null],
])("contract 41: a Retry-After of %s is kept to, as far as it is sane", (_name, header, ms) => {
  expect(pauseAsked(header, new Date("2026-11-30T13:59:58Z"))).toBe(ms);
});
