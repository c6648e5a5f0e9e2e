/** The SQLSTATEs that code acts on. The last ones are our own: functions of ours raise them. */
export const sqlstate = {
  foreignKeyViolation: "23503",
  uniqueViolation: "23505",
  deadlockDetected: "40P01",
  lesseeGone: "LS001",
  holdRefused: "LS002",
  keepsNothing: "ZR001",
  freeKeepsAll: "ZR002",
  isHeld: "HD001",
} as const;

/** The SQLSTATE of a database error, or of the one that the query builder wraps; empty for any other error. */
export function sqlstateOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error ? String(error.code) : sqlstateOf(error.cause);
}

/** Whether the database will never take the data: classes 22 (data exception) and 23 (integrity constraint violation). */
export const isDataRefused = (error: unknown): boolean => /^(2[23]|ZR)/.test(sqlstateOf(error));

/** The driver's words for a connection that is gone or does not come about, and our own. */
const away = new Set([
  "DATABASE_AWAY",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "55P03",
  "58030",
]);

/**
 * Whether the database cannot answer now, and may soon: it is away, shuts down or starts (57P), lacks disk, memory or
 * connections (53), has lost the connection (08), or a lock or a statement took too long (55P03, 57014).
 */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlstateOf(error);
  return away.has(state) || /^(08|53|57)...$/.test(state);
}
