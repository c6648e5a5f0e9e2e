import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Embedded, startPostgres } from "#db/embedded.ts";
import { refusePooler } from "#db/pooler.ts";
import { sqlstateOf } from "#db/sqlstate.ts";
import { type Env, env } from "#lib/core/env.ts";
import { isTaken } from "./tenancy.ts";

const secretNames = ["AUTH_SECRET", "KEY_PEPPER", "CONTENT_KEY"] as const;

/**
 * Completes the environment of this process and its children: with DATABASE_URL everything must be given,
 * without it the embedded PostgreSQL is started and missing secrets are made once, into DATA_DIR.
 */
export async function settleEnvironment(): Promise<{ env: Env; postgres: Embedded | undefined }> {
  if (process.env.DATABASE_URL) {
    delete process.env.DEMO;
    const settled = env();
    if (settled.CLOCK_OFFSET !== 0)
      throw new Error("CLOCK_OFFSET: a production clock is never moved; unset it, or unset DATABASE_URL.");
    await refusePooler(process.env.DATABASE_URL);
    return { env: settled, postgres: undefined };
  }
  const folder = path.resolve(process.env.DATA_DIR || ".data");
  fs.mkdirSync(folder, { recursive: true });
  provideSecrets(folder);
  process.env.DEMO = "on";
  env();
  const postgres = await startPostgres(postgresHome(folder));
  process.env.DATABASE_URL = postgres.url;
  return { env: env(), postgres };
}

export const postgresHome = (folder: string): string => path.join(path.resolve(folder), "postgres");

function provideSecrets(folder: string): void {
  const file = path.join(folder, "secrets.json");
  const made = Object.fromEntries(secretNames.map((name) => [name, randomBytes(32).toString("base64url")]));
  try {
    // "wx" makes the first of two processes win; the other reads what it wrote.
    fs.writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const kept = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
  for (const name of secretNames) process.env[name] ||= kept[name];
}

/** Prints what is wrong, one line each, and ends the process: a half-configured server must not run. */
export function refuse(error: unknown, code = 1): never {
  const text = wordsOf(error);
  for (const line of text.split("\n")) console.error(`comptoir: ${line}`);
  process.exit(code);
}

/** A statement that failed is not shown: its text says nothing to an operator, and its values may be somebody's. */
function wordsOf(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one.name === "PostgresError") return `The database refused: ${one.message} (${sqlstateOf(one)}).`;
    if (/^CONNECT/.test(sqlstateOf(one))) return `The database does not answer: ${one.message}. Check DATABASE_URL.`;
  }
  return error instanceof Error ? error.message || sqlstateOf(error) : String(error);
}

/** Stops the database that this command started, unless a server has begun to run on it meanwhile. */
export async function letGo(postgres: Embedded | undefined): Promise<void> {
  if (postgres?.isOurs && !(await isTaken(postgres.url, env().DATA_DIR))) await postgres.stop();
}
