import { createHash } from "node:crypto";

type Value = { stringValue: string } | { intValue: string } | { boolValue: boolean };
export type Attribute = { key: string; value: Value };

/** Attributes in the JSON of OTLP, where whole numbers of 64 bits are strings; what is null is left out. */
export const attributesOf = (values: Record<string, string | number | boolean | null>): Attribute[] =>
  Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [{ key, value: writtenOf(value) }]));

function writtenOf(value: string | number | boolean): Value {
  if (typeof value === "boolean") return { boolValue: value };
  return typeof value === "number" ? { intValue: String(value) } : { stringValue: value };
}

/** The id of an answer on the wire, which is the trace of a request whose caller named none. */
export const answerId = (id: string): string => Buffer.from(id.slice(-16), "latin1").toString("hex");

/** The same event always has the same span, so one that is sent twice is still one. */
export const spanId = (id: string): string => createHash("sha256").update(id).digest("hex").slice(0, 16);

export const nanos = (ms: number): string => `${ms}000000`;

/** Who the spans and metrics are of. */
export const resourceOf = (provider: string) => ({
  attributes: attributesOf({ "service.name": provider, "gen_ai.provider.name": provider }),
});
export const scope = { name: "comptoir.usage", version: "1" };

const server = 2;

/** A span that says nothing but that spans arrive. */
export function testTrace(id: string, provider: string, atMs: number): string {
  const at = nanos(atMs);
  const ids = { traceId: answerId(id), spanId: spanId(id) };
  const span = { ...ids, name: "comptoir.test", kind: server, startTimeUnixNano: at, endTimeUnixNano: at, status: {} };
  const spans = [{ ...span, attributes: attributesOf({ "comptoir.test": true }) }];
  return JSON.stringify({ resourceSpans: [{ resource: resourceOf(provider), scopeSpans: [{ scope, spans }] }] });
}

/** Metrics of nothing, to see whether they arrive. */
export const testMetrics = (provider: string): string =>
  JSON.stringify({ resourceMetrics: [{ resource: resourceOf(provider), scopeMetrics: [{ scope, metrics: [] }] }] });
