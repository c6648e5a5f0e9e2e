import { randomBytes } from "node:crypto";
import { now } from "./clock.ts";

type Fields = Record<string, string | number | boolean | null | undefined>;

/** One JSON line on standard output. Never content, never a secret. */
export function log(event: string, fields: Fields = {}): void {
  console.log(JSON.stringify({ at: now().toISOString(), event, ...fields }));
}

/** Logs an error with its causes and returns the reference to quote to support. */
export function logError(event: string, error: unknown, fields: Fields = {}): string {
  const reference = randomBytes(6).toString("hex");
  console.error(JSON.stringify({ at: now().toISOString(), event, reference, ...fields, error: trail(error) }));
  return reference;
}

function trail(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause && depth < 4 ? `${own}\ncaused by ${trail(error.cause, depth + 1)}` : own;
}
