import { type Attribute, attributesOf, nanos, resourceOf, scope } from "#lib/core/otlp/json.ts";
import type { LeavingEvent } from "#lib/domain/exports/rules.ts";
import { errorOf, operationOf, semantic } from "#lib/domain/exports/spans/rules.ts";

/** The boundaries that the conventions advise. */
const secondsBounds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const tokenBounds = Array.from({ length: 14 }, (_, power) => 4 ** power);

const delta = 1;

class Histogram {
  readonly #bounds: readonly number[];
  readonly #buckets: number[];
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#buckets = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = found < 0 ? this.#bounds.length : found;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  point(attributes: Attribute[], { startsAt, endsAt }: Window) {
    return {
      attributes,
      startTimeUnixNano: nanos(startsAt.getTime()),
      timeUnixNano: nanos(endsAt.getTime()),
      count: String(this.#count),
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      bucketCounts: this.#buckets.map(String),
      explicitBounds: this.#bounds,
    };
  }
}

export type Window = { startsAt: Date; endsAt: Date };

type Series = { attributes: Attribute[]; histogram: Histogram };

/** One histogram for each set of attributes that occurs. */
class Metric {
  readonly #series = new Map<string, Series>();
  readonly #bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  add(value: number, attributes: Attribute[]): void {
    const name = JSON.stringify(attributes);
    const known = this.#series.get(name) ?? { attributes, histogram: new Histogram(this.#bounds) };
    this.#series.set(name, known);
    known.histogram.add(value);
  }

  written(name: string, unit: string, window: Window) {
    const dataPoints = Array.from(this.#series.values(), ({ attributes, histogram }) =>
      histogram.point(attributes, window),
    );
    return dataPoints.length === 0 ? [] : [{ name, unit, histogram: { aggregationTemporality: delta, dataPoints } }];
  }
}

/** The message of `/v1/metrics`: how long requests took and how many tokens they were, of one window only. */
export function metricsBody(events: readonly LeavingEvent[], provider: string, window: Window): string {
  const [durations, tokens] = [new Metric(secondsBounds), new Metric(tokenBounds)];
  for (const event of events) {
    const attributes = {
      [semantic.operation]: operationOf(event),
      [semantic.requestModel]: event.requestedModel,
      [semantic.responseModel]: event.model,
      "comptoir.workspace_id": event.workspaceId,
    };
    durations.add(event.latencyMs / 1000, attributesOf({ ...attributes, [semantic.error]: errorOf(event) }));
    const used = { input: event.promptTokens, output: event.completionTokens };
    for (const [type, count] of Object.entries(used))
      if (count > 0) tokens.add(count, attributesOf({ ...attributes, [semantic.tokenType]: type }));
  }
  const metrics = [
    ...durations.written(semantic.duration, "s", window),
    ...tokens.written(semantic.tokenUsage, "{token}", window),
  ];
  return JSON.stringify({
    resourceMetrics: [{ resource: resourceOf(provider), scopeMetrics: [{ scope, metrics }] }],
  });
}
