import { AppError, Fault } from "./errors.ts";

const causesMax = 5;
const framesMax = 12;
/** What names are made of: codes, classes, tables, columns. Whatever else stands there could be a customer's text. */
const word = /^[\w.:$-]{1,80}$/;
/** Facts of an error that name things and quote nothing: of Node, the database, Stripe and the mail server. */
const facts = {
  code: "code",
  syscall: "syscall",
  address: "address",
  port: "port",
  severity: "severity",
  routine: "routine",
  schema_name: "schema",
  table_name: "table",
  column_name: "column",
  constraint_name: "constraint",
  type: "type",
  statusCode: "status",
  requestId: "request",
  responseCode: "response",
} as const;

/**
 * An error for the log, with its causes: class, facts and frames of our own code, and words only where they are ours. What
 * drivers, parsers and providers say repeats what they were given, so it is left out (T-4.2.2.2-ZDR4).
 */
export const trailOf = (error: unknown, depth = 0): string => {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const own = [headOf(error), ...framesOf(error)].join("\n");
  return error.cause instanceof Error && depth < causesMax
    ? `${own}\ncaused by ${trailOf(error.cause, depth + 1)}`
    : own;
};

function headOf(error: Error): string {
  const named = Object.entries(facts).flatMap(([property, name]) => {
    const value = String((error as unknown as Record<string, unknown>)[property] ?? "");
    return word.test(value) ? [`${name} ${value}`] : [];
  });
  const head = [word.test(error.name) ? error.name : "Error", ...(named.length > 0 ? [`[${named.join(", ")}]`] : [])];
  const words = wordsOf(error);
  return words === undefined ? head.join(" ") : `${head.join(" ")}: ${words}`;
}

/** Words of our own, and of a failed query its text: what it was asked with is in its parameters. */
function wordsOf(error: Error): string | undefined {
  if (error instanceof AppError || error instanceof Fault) return error.message;
  return "query" in error && "params" in error ? `Failed query: ${error.query}` : undefined;
}

/** Where it came from in our code. A message that looks like a frame is none of them. */
function framesOf({ stack = "", message }: Error): string[] {
  const lines = stack.replace(message, "").split("\n");
  return lines
    .filter((line) => /^ {4}at [^()"'`]*(?:\([^()"'`]*\))?$/.test(line) && !/node_modules|node:/.test(line))
    .slice(0, framesMax);
}
