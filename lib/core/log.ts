import { randomBytes } from "node:crypto";
import { multistream, pino } from "pino";
import { secretPattern } from "./api-keys/secret.ts";
import { now } from "./clock.ts";
import { trailOf } from "./error-trail.ts";
import { AskedFailure } from "./errors.ts";

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

/** Strings made up for a check, which no line may contain, and whether one did. */
const living = new Map<string, boolean>();

/** Looks at every line for a string from now on; what it answers stops that, and says whether one had it. */
export function watchLog(canary: string): () => boolean {
  living.set(canary, false);
  return () => {
    const isSeen = living.get(canary) === true;
    living.delete(canary);
    return isSeen;
  };
}

function compare(...line: unknown[]): void {
  if (living.size === 0) return;
  const text = JSON.stringify(line);
  for (const canary of living.keys()) if (text.includes(canary)) living.set(canary, true);
}

/** One JSON line on standard output. Never content, never a secret. */
export function log(event: string, fields: Fields = {}): void {
  compare(event, fields);
  quietly(() => logger.info({ event, ...fields }));
}

/** Logs an error with its causes on standard error, and returns the reference to quote to support. */
export function logError(event: string, error: unknown, fields: Fields = {}): string {
  const reference = randomBytes(6).toString("hex");
  compare(event, fields, trailOf(error));
  // What a check breaks on purpose is looked through as any error is; in the log it would pass for one.
  if (error instanceof AskedFailure) return reference;
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
