import { z } from "zod";
import type { usageEvents } from "#db/schema/usage.ts";
import { idField } from "#lib/core/id-field.ts";
import type { JobKind } from "#lib/core/jobs/define.ts";

/** Sends what waits for one connection. */
export const sendExportsKind = {
  name: "integrations.send-exports",
  payload: z.object({ organizationId: idField("organization"), connectionId: idField("connection") }),
  attempts: 3,
  lane: "webhooks",
} as const satisfies JobKind;

/** Finds what waits: each minute, and by itself every ten seconds in between. */
export const exportSpansKind = {
  name: "integrations.export-spans",
  payload: z.object({ slot: z.int().min(1).max(5).optional() }),
} as const satisfies JobKind;

export const slots = [1, 2, 3, 4, 5] as const;
export const slotMs = 10_000;

/**
 * What leaves of an event, and all that the workers read of it: a column that is not in this list cannot leave. There is
 * no address, no client, and nothing that was asked or answered.
 */
export const leavingColumns = [
  "organizationId",
  "id",
  "at",
  "workspaceId",
  "keyId",
  "endUser",
  "endpoint",
  "requestedModel",
  "model",
  "streamed",
  "promptTokens",
  "cachedTokens",
  "completionTokens",
  "inputMicros",
  "cachedInputMicros",
  "outputMicros",
  "costPico",
  "waivedPico",
  "firstByteMs",
  "latencyMs",
  "status",
  "outcome",
  "reason",
  "agentId",
  "agentVersion",
  "estimated",
  "kind",
  "jobId",
  "quantity",
  "feePico",
  "traceParent",
] as const satisfies readonly (keyof typeof usageEvents.$inferSelect)[];

export type LeavingEvent = Pick<typeof usageEvents.$inferSelect, (typeof leavingColumns)[number]>;

/** Spans in one message: what the meter puts into a row of the queue at most. */
export const spansMax = 512;
/** Events in one file: so many are in memory at once. */
export const fileEventsMax = 20_000;
/** For how long events wait for a connection that takes none. */
export const patienceDays = 5;
/** For how long a file that was sent is listed. */
export const listedDays = 90;
/** For how long a worker has a connection in hand without a word. */
export const claimSeconds = 120;

const hourMs = 3_600_000;
export const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / hourMs) * hourMs);
export const nextHour = (hour: Date): Date => new Date(hour.getTime() + hourMs);

/**
 * The hour whose folder an event's file is in: the one it was committed in, unless that is closed already. Nothing is ever
 * added to an hour that has its manifest.
 */
export const folderHour = (committedAt: Date, closedUntil: Date | null): Date => {
  const hour = hourOf(committedAt);
  return closedUntil !== null && closedUntil > hour ? closedUntil : hour;
};

/** The longest that another side may ask us to wait. */
const longestPauseMs = hourMs;

/** How long a `Retry-After` asks for, in seconds or as a date; null without one that can be read. */
export function pauseAsked(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const isDate = /GMT$/.test(header);
  const ms = /^\d{1,9}$/.test(header)
    ? Number(header) * 1000
    : (isDate ? Date.parse(header) : Number.NaN) - now.getTime();
  return Number.isFinite(ms) ? Math.min(longestPauseMs, Math.max(0, ms)) : null;
}
