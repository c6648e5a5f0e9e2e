import { execFileSync, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { startPostgres } from "#db/embedded.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { openBareProxy } from "./bare-proxy.ts";
import { openGateway } from "./gateway.ts";
import { type Load, load, type Measured } from "./load.ts";
import { openUpstream } from "./upstream.ts";

const serverCore = 0;
const loadCore = 1;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);

type Target = { name: string; port: number; headers: Record<string, string> };

/** Runs one part of the bench in a process of its own, on one core where the system lets us choose. */
function part(
  role: string,
  core: number,
  environment: Record<string, string> = {},
): Promise<{ said: { port: number; secret?: string }; stop: () => void }> {
  const child = fork(process.argv[1] === undefined ? "" : path.resolve("dist/bench.mjs"), [role], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  pin(child.pid, core);
  return new Promise((resolve, reject) => {
    child.once("message", (said) => resolve({ said: said as { port: number }, stop: () => child.kill("SIGKILL") }));
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
  });
}

function pin(pid: number | undefined, core: number): boolean {
  try {
    execFileSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Rounds of all targets in turn, so that what disturbs the machine disturbs every target. */
async function compare(targets: Target[], shape: Pick<Load, "body" | "connections">): Promise<Measured[]> {
  const measured = targets.map((): Measured[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { port, headers }] of targets.entries()) {
      measured[i]?.push(await load({ port, headers, path: "/v1/chat/completions", seconds, ...shape }));
    }
  }
  return measured.map((all) => ({
    perSecond: median(all.map((one) => one.perSecond)),
    p50Ms: median(all.map((one) => one.p50Ms)),
    p99Ms: median(all.map((one) => one.p99Ms)),
    failed: all.reduce((sum, one) => sum + one.failed, 0),
  }));
}

function report(title: string, targets: Target[], measured: Measured[]): void {
  const floor = measured[0]?.perSecond ?? Number.NaN;
  for (const [i, { perSecond, p50Ms, p99Ms, failed }] of measured.entries()) {
    const cells = [
      title.padEnd(26),
      (targets[i]?.name ?? "").padEnd(16),
      `${perSecond.toFixed(0).padStart(7)}/s`,
      `ratio ${(perSecond / floor).toFixed(2)}`,
      `p50 ${p50Ms.toFixed(2).padStart(7)} ms`,
      `p99 ${p99Ms.toFixed(2).padStart(7)} ms`,
      failed > 0 ? `${failed} FAILED` : "",
    ];
    console.log(cells.join("  ").trimEnd());
  }
}

const bodyOf = (bytes: number): string =>
  JSON.stringify({ model: "bench", messages: [{ role: "user", content: words(bytes) }] });

/** Text that compresses like text: real words in no order. */
function words(bytes: number): string {
  const list =
    "the counter keeps every token it was given and tells the customer what each of them did cost in exact parts of a cent".split(
      " ",
    );
  let text = "";
  for (let i = 0; text.length < bytes; i++) text += `${list[(i * 7 + (i % 11)) % list.length]} `;
  return text.slice(0, bytes);
}

async function bench(): Promise<void> {
  const folder = path.resolve(".data/bench");
  const embedded = await startPostgres(path.join(folder, "postgres"));
  const root = postgres(embedded.url, { max: 1, onnotice: () => {} });
  const name = `bench_${randomBytes(4).toString("hex")}`;
  await root.unsafe(`create database ${name}`);
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  const [row] = await root`select pid from pg_stat_activity where backend_type = 'checkpointer'`;
  const isPinned = pin(process.pid, loadCore);
  pinDatabase(Number(row?.pid));
  const upstream = await part("upstream", loadCore);
  const secrets = {
    AUTH_SECRET: "b".repeat(64),
    KEY_PEPPER: "b".repeat(64),
    CONTENT_KEY: randomBytes(32).toString("base64url"),
  };
  const config = [
    {
      id: "bench",
      url: `http://127.0.0.1:${upstream.said.port}/v1`,
      models: [{ id: "bench", price: { input: 0.15, output: 0.6 } }],
    },
  ];
  const bare = await part("bare-proxy", serverCore, { BENCH_UPSTREAM: String(upstream.said.port) });
  const gateway = await part("gateway", serverCore, {
    ...secrets,
    DATABASE_URL: url.href,
    DATA_DIR: folder,
    EMBEDDED_MODELS: "off",
    UPSTREAMS: JSON.stringify(config),
  });
  const targets: Target[] = [
    { name: "bare node:http", port: bare.said.port, headers: {} },
    { name: "comptoir", port: gateway.said.port, headers: { authorization: `Bearer ${gateway.said.secret}` } },
  ];
  console.log(
    `${os.cpus()[0]?.model}, ${os.cpus().length} cores, Node ${process.version}, ${rounds} rounds of ${seconds} s`,
  );
  console.log(
    isPinned
      ? "servers on core 0; load, upstream and database on core 1"
      : "cores could not be chosen: taskset is missing",
  );
  console.log("key check, metering committed before the answer, request log and sealed content log: all on\n");
  for (const connections of (process.env.BENCH_CONNECTIONS ?? "1,16,64").split(",").map(Number)) {
    report(`190 B, ${connections} connections`, targets, await compare(targets, { body: bodyOf(120), connections }));
  }
  for (const [label, bytes] of [
    ["40 kB", 40_000],
    ["400 kB", 400_000],
  ] as const) {
    report(`${label}, 16 connections`, targets, await compare(targets, { body: bodyOf(bytes), connections: 16 }));
  }
  await verifyCounts(url.href);
  for (const { stop } of [gateway, bare, upstream]) stop();
  await root.unsafe(`drop database ${name} with (force)`);
  await root.end();
  await embedded.stop();
}

/** The database's processes are the checkpointer's siblings; those it starts later inherit the core. */
function pinDatabase(checkpointer: number): void {
  try {
    const parent = execFileSync("ps", ["-o", "ppid=", "-p", String(checkpointer)])
      .toString()
      .trim();
    for (const pid of execFileSync("ps", ["-o", "pid=", "--ppid", parent]).toString().split(/\s+/))
      if (pid) pin(Number(pid), loadCore);
    pin(Number(parent), loadCore);
  } catch {
    // Without ps the database runs where the system puts it.
  }
}

/** A fast meter that lost something would be no meter: what was answered must be what was counted. */
async function verifyCounts(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql`select
    (select count(*) from usage_events) as events, (select sum(requests) from usage_days_by_model) as counted,
    (select sum(cost_pico) from usage_events) = (select settled_pico from spend_months where scope = 'organization') as agrees`;
  console.log(
    `\n${row?.events} events written, ${row?.counted} counted, sums ${row?.agrees ? "agree" : "DO NOT AGREE"}`,
  );
  await sql.end();
}

const roles: Record<string, () => Promise<{ port: number; secret?: string }>> = {
  upstream: async () => ({ port: await openUpstream() }),
  "bare-proxy": async () => ({ port: await openBareProxy(Number(process.env.BENCH_UPSTREAM)) }),
  gateway: openGateway,
};

const role = roles[process.argv[2] ?? ""];
if (role) process.send?.(await role());
else await bench();
