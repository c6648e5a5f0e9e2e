import type { Collected } from "./request.ts";

/** What an answer means for its line: it stands, or the line is asked again after some seconds. */
export type Verdict =
  | { kind: "final" }
  /** A spend limit, or an invoice, has to be seen to by a person. */
  | { kind: "waits"; problem: string; seconds: number }
  /** Too fast; nothing was asked. */
  | { kind: "slower"; seconds: number }
  /** A fault that may pass. */
  | { kind: "again" };

/** How often a limit is looked at again that has no room. */
const limitSeconds = 5;
/** A longer wait is looked at again in between: a person may have paid or upgraded meanwhile. */
const longestSeconds = 60;

const passing: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

export function verdictOf({ status, body, headers }: Collected): Verdict {
  if (status === 402) return { kind: "waits", problem: messageOf(body), seconds: limitSeconds };
  if (status === 429) {
    const seconds = Math.min(longestSeconds, Math.max(1, Number(headers["retry-after"] ?? 1)));
    return { kind: "slower", seconds };
  }
  return passing.has(status) ? { kind: "again" } : { kind: "final" };
}

function messageOf(body: string): string {
  const { message } = JSON.parse(body) as { message?: unknown };
  return typeof message === "string" ? message : "A limit has no room.";
}

/** A fault is taken for an answer after so many tries, each later than the one before. */
export const triesMost = 5;
export const secondsBefore = (attempt: number): number => Math.min(30, 2 ** attempt);

const limitOf = (headers: Collected["headers"], what: string): { limit: number; left: number } | null => {
  const [limit, left] = [headers[`x-ratelimit-limit-${what}`], headers[`x-ratelimit-remaining-${what}`]].map(Number);
  return limit && left !== undefined && Number.isFinite(limit) && Number.isFinite(left) ? { limit, left } : null;
};

/** Seconds to leave after a request, so that half of each rate is left to what the customer asks meanwhile. */
export function paceOf(headers: Collected["headers"]): number {
  const second = limitOf(headers, "req-second");
  const minute = limitOf(headers, "tokens-minute");
  const between = second ? 2 / second.limit : 0;
  const refill = minute ? Math.max(0, ((minute.limit / 2 - minute.left) / minute.limit) * 60) : 0;
  return Math.max(between, refill);
}
