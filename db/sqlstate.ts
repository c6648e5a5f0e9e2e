/** The SQLSTATEs that code acts on. The last is our own: the function `lease` raises it. */
export const sqlstate = {
  foreignKeyViolation: "23503",
  uniqueViolation: "23505",
  deadlockDetected: "40P01",
  lesseeGone: "LS001",
} as const;

/** The SQLSTATE of a database error, or of the one that the query builder wraps; empty for any other error. */
export function sqlstateOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error ? String(error.code) : sqlstateOf(error.cause);
}

/** Whether the database will never take the data: classes 22 (data exception) and 23 (integrity constraint violation). */
export const isDataRefused = (error: unknown): boolean => /^2[23]/.test(sqlstateOf(error));
