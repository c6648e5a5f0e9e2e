import { dateWords } from "#components/ui/time-words.ts";
import type { Gauge, RateKind } from "#lib/domain/rates/rules.ts";

/** A gauge as it travels to the browser: instants as texts. */
export type GaugeView = Pick<Gauge, "kind" | "value" | "scope" | "model" | "except" | "used"> & {
  freeAt: string | null;
  source: Omit<Gauge["source"], "expiresAt"> & { expiresAt: string | null };
};

export type LiveView = { at: string; gauges: GaugeView[] };

export const viewOf = ({ at, gauges }: { at: Date; gauges: readonly Gauge[] }): LiveView => ({
  at: at.toISOString(),
  gauges: gauges.map(({ freeAt, source, kind, value, scope, model, except, used }) => ({
    kind,
    value,
    scope,
    model,
    except,
    used,
    freeAt: freeAt?.toISOString() ?? null,
    source: { ...source, expiresAt: source.expiresAt?.toISOString() ?? null },
  })),
});

/** One limit as its document states it, with a gauge for each model it is counted for. */
export type LimitRow = Pick<GaugeView, "kind" | "value" | "scope" | "source"> & { key: string; gauges: GaugeView[] };

/** Models with the same limit from the same document share a row. */
export function limitRows(gauges: readonly GaugeView[]): LimitRow[] {
  const rows = new Map<string, LimitRow>();
  for (const gauge of gauges) {
    const { kind, value, scope, source } = gauge;
    const together = gauge.model === null ? "all" : "each";
    const key = JSON.stringify([kind, scope, value, together, source]);
    const row = rows.get(key);
    if (row) row.gauges.push(gauge);
    else rows.set(key, { key, kind, value, scope, source, gauges: [gauge] });
  }
  return [...rows.values()].sort((a, b) => order[a.kind] - order[b.kind]);
}

const order: Record<RateKind, number> = { requests_second: 0, tokens_minute: 1, tokens_month: 2 };

export type GaugeState = "calm" | "near" | "reached" | "unknown";

export function stateOf({ used, value }: Pick<GaugeView, "used" | "value">): GaugeState {
  if (used === null) return "unknown";
  if (used >= value) return "reached";
  return used >= value * 0.75 ? "near" : "calm";
}

/** "3 of 20", and when that is free again. */
export function usedWords(gauge: GaugeView, at: Date): string {
  const { used, value, freeAt, kind } = gauge;
  if (used === null) return "not known at the moment";
  const amount = `${used.toLocaleString("en-IE")} of ${value.toLocaleString("en-IE")}`;
  if (freeAt === null) return amount;
  if (kind === "tokens_month") return `${amount}, resets ${dateWords(new Date(freeAt))}`;
  const seconds = Math.max(1, Math.ceil((new Date(freeAt).getTime() - at.getTime()) / 1000));
  return `${amount}, all free in ${seconds} s`;
}

/** What a row's gauges count. */
export function countedWords({ scope, gauges }: LimitRow): string {
  const whose = scope === "workspace" ? "in this workspace" : "in the organization";
  const [first] = gauges;
  if (first?.model !== null) return gauges.length > 1 ? `For each model, ${whose}` : `For ${first?.model}, ${whose}`;
  const except = first.except.length > 0 ? ` but ${first.except.join(", ")}` : "";
  return `All models together${except}, ${whose}`;
}
