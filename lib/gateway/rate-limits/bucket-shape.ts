import type { Id } from "#db/id.ts";
import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import type { RateKind, RateLimit } from "#lib/domain/rates/rules.ts";

/** The bucket a limit is counted in. */
export type BucketShape = {
  name: string;
  kind: RateKind;
  capacity: number;
  perSecond: number;
  /** When a window begins anew, in milliseconds since the epoch; null for buckets that refill. */
  resetsAt: number | null;
};

const prefixes: Record<RateKind, string> = { requests_second: "req", tokens_minute: "tok", tokens_month: "mon" };

/** Where a limit is counted at an instant: evenly over its window, or, for a month, in a bucket of that month (UTC). */
export function shapeOf(limit: RateLimit, workspaceId: Id<"workspace"> | null, at: Date): BucketShape {
  const place = limit.scope === "workspace" ? `${workspaceId}:` : "";
  const counted = limit.model === null ? "" : `:${limit.model}`;
  const { kind, value } = limit;
  const name = `${place}${prefixes[kind]}${kind === "tokens_month" ? `:${at.toISOString().slice(0, 7)}` : ""}${counted}`;
  if (kind === "tokens_month")
    return { name, kind, capacity: value, perSecond: 0, resetsAt: endOfMonth(monthOf(at)).getTime() };
  // A limit below one a second still lets one request through at a time.
  if (kind === "requests_second") return { name, kind, capacity: Math.max(1, value), perSecond: value, resetsAt: null };
  return { name, kind, capacity: value, perSecond: value / 60, resetsAt: null };
}
