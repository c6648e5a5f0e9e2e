import { randomBytes } from "node:crypto";
import { multistream, pino } from "pino";
import { secretPattern } from "./api-keys/secret.ts";
import { now } from "./clock.ts";
import { trailOf } from "./error-trail.ts";

type Fields = Record<string, string | number | boolean | null | undefined>;

// A full disk or a log collector that is gone must not end what only wanted to tell of its work.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const destinations = multistream(
  [
    { level: "info", stream: process.stdout },
    { level: "error", stream: process.stderr },
  ],
  { dedupe: true },
);

const logger = pino(
  {
    base: null,
    timestamp: () => `,"at":"${now().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: ["authorization", "cookie", "key", "password", "secret", "token"],
  },
  destinations,
);

/** One JSON line on standard output. Never content, never a secret. */
export function log(event: string, fields: Fields = {}): void {
  quietly(() => logger.info({ event, ...fields }));
}

/** Logs an error with its causes on standard error, and returns the reference to quote to support. */
export function logError(event: string, error: unknown, fields: Fields = {}): string {
  const reference = randomBytes(6).toString("hex");
  quietly(() =>
    logger.error({ event, reference, ...fields, error: trailOf(error).replace(secretPattern, "[Redacted]") }),
  );
  return reference;
}

/** A write to a file or a terminal that fails throws at once; to a pipe, later. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // There is no other place to tell it.
  }
}
