import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { type Embedded, startPostgres } from "#db/embedded.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { frontFlags } from "#server/node-flags.ts";
import { familyOf, pin } from "./cpu.ts";

export const serverCore = 0;
export const loadCore = 1;
const allCores = `0-${os.cpus().length - 1}`;

/** What a part of the bench says of itself once it is ready. */
export type Ready = {
  port: number;
  pids?: number[];
  secrets?: string[];
  blocked?: Record<"limited" | "overBudget", string>;
};
export type Part = Ready & { pid: number; stop: () => void };

/** A bundle of the bench, perhaps of another checkout, and how Node is to run it. */
export type Build = { program: string; flags: string[] };

/** What to measure beside this build, in the same rounds: a change is judged by nothing else on a shared machine. */
export function otherBuild(): Build | undefined {
  const { BENCH_OTHER: program, BENCH_OTHER_FLAGS: flags } = process.env;
  if (!program && !flags) return undefined;
  return { program: program ?? "dist/bench.mjs", flags: flags?.split(" ") ?? frontFlags() };
}

/** This build as it is started. */
const thisBuild = (): Build => ({ program: "dist/bench.mjs", flags: frontFlags() });

/** Runs one part of the bench in a process of its own, on one core where one is named and the system lets us choose. */
export function part(
  role: string,
  core: number | undefined,
  environment: Record<string, string> = {},
  { program, flags }: Build = thisBuild(),
): Promise<Part> {
  const child = fork(path.resolve(program), [role], {
    env: { ...process.env, ...environment },
    execArgv: flags,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const pid = child.pid ?? 0;
  // What a process starts is bound as it is, and this one is bound itself.
  pin(pid, core ?? allCores);
  return new Promise((resolve, reject) => {
    child.once("message", (said) => resolve({ ...(said as Ready), pid, stop: () => child.kill("SIGKILL") }));
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
  });
}

/** The database of one run, dropped afterwards. */
export type BenchDatabase = {
  url: string;
  folder: string;
  isPinned: boolean;
  sql: postgres.Sql;
  drop: () => Promise<void>;
};

export async function openDatabase(): Promise<BenchDatabase> {
  const folder = path.resolve(".data/bench");
  const embedded: Embedded = await startPostgres(path.join(folder, "postgres"));
  const root = postgres(embedded.url, { max: 1, onnotice: () => {} });
  const name = `bench_${randomBytes(4).toString("hex")}`;
  await root.unsafe(`create database ${name}`);
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  const isPinned = pin(process.pid, loadCore);
  for (const pid of familyOf(embedded.pid)) pin(pid, loadCore);
  const sql = postgres(url.href, { max: 2 });
  return {
    url: url.href,
    folder,
    isPinned,
    sql,
    drop: async () => {
      await sql.end();
      await root.unsafe(`drop database ${name} with (force)`);
      await root.end();
      await embedded.stop();
    },
  };
}

/** What the gateway needs to be told: the same as any installation with an upstream. */
export function gatewayEnvironment({ url, folder }: BenchDatabase, upstreamPort: number): Record<string, string> {
  const models = [{ id: "bench", price: { input: 0.15, output: 0.6 } }];
  return {
    AUTH_SECRET: "b".repeat(64),
    KEY_PEPPER: "b".repeat(64),
    CONTENT_KEY: Buffer.alloc(32, "b").toString("base64url"),
    DATABASE_URL: url,
    DATA_DIR: folder,
    BENCH_CUSTOMERS: "64",
    PORT: "0",
    EMBEDDED_MODELS: "off",
    UPSTREAMS: JSON.stringify([{ id: "bench", url: `http://127.0.0.1:${upstreamPort}/v1`, models, connections: 600 }]),
  };
}
