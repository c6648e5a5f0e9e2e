import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { startPostgres } from "#db/embedded.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { openBareProxy } from "./bare-proxy.ts";
import { cpuMicros, familyOf, pin } from "./cpu.ts";
import { openGateway } from "./gateway.ts";
import { type Load, load, type Measured } from "./load.ts";
import { openUpstream } from "./upstream.ts";

const serverCore = 0;
const loadCore = 1;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);

type Part = { port: number; secret?: string; pid: number; stop: () => void };
type Target = { name: string; port: number; pids: number[]; headers: Record<string, string> };
type Round = Measured & { cpuMicros: number };

/** Runs one part of the bench in a process of its own, on one core where the system lets us choose. */
function part(role: string, core: number, environment: Record<string, string> = {}): Promise<Part> {
  const child = fork(path.resolve("dist/bench.mjs"), [role], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const pid = child.pid ?? 0;
  pin(pid, core);
  return new Promise((resolve, reject) => {
    child.once("message", (said) => resolve({ ...(said as { port: number }), pid, stop: () => child.kill("SIGKILL") }));
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}`)));
  });
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function round({ port, headers, pids }: Target, shape: Pick<Load, "body" | "connections">): Promise<Round> {
  const used = () => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = used();
  const measured = await load({ port, headers, path: "/v1/chat/completions", seconds, ...shape });
  return { ...measured, cpuMicros: (used() - before) / measured.total };
}

/** Rounds of all targets in turn, so that what disturbs the machine disturbs every target. */
async function compare(targets: Target[], shape: Pick<Load, "body" | "connections">): Promise<Round[]> {
  const measured = targets.map((): Round[] => []);
  for (let i = 0; i < rounds; i++) {
    for (const [at, target] of targets.entries()) measured[at]?.push(await round(target, shape));
  }
  return measured.map((all) => ({
    perSecond: median(all.map((one) => one.perSecond)),
    p50Ms: median(all.map((one) => one.p50Ms)),
    p99Ms: median(all.map((one) => one.p99Ms)),
    cpuMicros: median(all.map((one) => one.cpuMicros)),
    total: all.reduce((sum, one) => sum + one.total, 0),
    failed: all.reduce((sum, one) => sum + one.failed, 0),
  }));
}

function report(title: string, targets: Target[], measured: Round[]): void {
  const floor = measured[0]?.perSecond ?? Number.NaN;
  for (const [i, { perSecond, p50Ms, p99Ms, cpuMicros: cpu, failed }] of measured.entries()) {
    const cells = [
      title.padEnd(22),
      (targets[i]?.name ?? "").padEnd(14),
      `${perSecond.toFixed(0).padStart(6)}/s`,
      `ratio ${(perSecond / floor).toFixed(2)}`,
      `p50 ${p50Ms.toFixed(2).padStart(7)} ms`,
      `p99 ${p99Ms.toFixed(2).padStart(7)} ms`,
      `cpu ${cpu.toFixed(0).padStart(5)} us a request`,
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

const shapes = [
  { title: "190 B, 1 connection", bytes: 120, connections: 1 },
  { title: "190 B, 16 connections", bytes: 120, connections: 16 },
  { title: "190 B, 64 connections", bytes: 120, connections: 64 },
  { title: "40 kB, 16 connections", bytes: 40_000, connections: 16 },
  { title: "400 kB, 16 connections", bytes: 400_000, connections: 16 },
].filter(({ title }) => title.includes(process.env.BENCH_ONLY ?? ""));

async function bench(): Promise<void> {
  const folder = path.resolve(".data/bench");
  const embedded = await startPostgres(path.join(folder, "postgres"));
  const root = postgres(embedded.url, { max: 1, onnotice: () => {} });
  const name = `bench_${randomBytes(4).toString("hex")}`;
  await root.unsafe(`create database ${name}`);
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  const isPinned = pin(process.pid, loadCore);
  for (const pid of familyOf(embedded.pid)) pin(pid, loadCore);
  const upstream = await part("upstream", loadCore);
  const bare = await part("bare-proxy", serverCore, { BENCH_UPSTREAM: String(upstream.port) });
  const gateway = await part("gateway", serverCore, gatewayEnvironment(url.href, folder, upstream.port));
  const targets: Target[] = [
    { name: "bare node:http", port: bare.port, pids: [bare.pid], headers: {} },
    {
      name: "comptoir",
      port: gateway.port,
      pids: [gateway.pid],
      headers: { authorization: `Bearer ${gateway.secret}` },
    },
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
  for (const { title, bytes, connections } of shapes) {
    report(title, targets, await compare(targets, { body: bodyOf(bytes), connections }));
  }
  await verifyCounts(url.href);
  for (const { stop } of [gateway, bare, upstream]) stop();
  await root.unsafe(`drop database ${name} with (force)`);
  await root.end();
  await embedded.stop();
}

function gatewayEnvironment(databaseUrl: string, folder: string, upstreamPort: number): Record<string, string> {
  const models = [{ id: "bench", price: { input: 0.15, output: 0.6 } }];
  return {
    AUTH_SECRET: "b".repeat(64),
    KEY_PEPPER: "b".repeat(64),
    CONTENT_KEY: randomBytes(32).toString("base64url"),
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    EMBEDDED_MODELS: "off",
    UPSTREAMS: JSON.stringify([{ id: "bench", url: `http://127.0.0.1:${upstreamPort}/v1`, models }]),
  };
}

/** A fast meter that lost something would be no meter: what was answered must be what was counted. */
async function verifyCounts(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql`select
    (select count(*) from usage_events) as events, (select sum(requests) from usage_sums where dimension = 'model' and grain = 'day') as counted,
    (select sum(cost_pico) from usage_events) = (select sum(settled_pico) from spend_months where scope = 'organization') as agrees`;
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
