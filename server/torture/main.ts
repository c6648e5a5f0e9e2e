import { randomInt } from "node:crypto";
import fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connect } from "#db/pool.ts";
import { canFillDisk, type Fault, faults } from "./faults.ts";
import { Installation } from "./installation.ts";
import { Load, type Seen } from "./load.ts";

/**
 * `npm run torture -- --kills 20 --seed 7`: strikes an installation under load again and again, and says what became of it.
 * The same seed strikes in the same order.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: String(randomInt(1_000_000)) },
    "hold-seconds": { type: "string", default: "70" },
    customers: { type: "string", default: "6" },
    "patience-seconds": { type: "string", default: "5" },
    processes: { type: "string", default: "2" },
    report: { type: "string" },
  },
});

/** What an answer, and what being back, may take: more where a machine has other work. */
const patienceSeconds = Number(values["patience-seconds"]);
const calmMs = 2000;

/** Numbers that look random and are the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every fault once in a random order, then again, as often as asked for. */
function* order(count: number, random: () => number): Generator<Fault> {
  const possible = faults.filter(({ name }) => name !== "disk full" || canFillDisk());
  for (let left: Fault[] = [], n = 0; n < count; n++) {
    if (left.length === 0) left = [...possible];
    const [fault] = left.splice(Math.floor(random() * left.length), 1);
    if (fault) yield fault;
  }
}

type Strike = { name: string; backMs: number };

async function strike(installation: Installation, fault: Fault, holdMs: number): Promise<Strike> {
  await fault.strike(installation, holdMs);
  const begun = performance.now();
  if (fault.endsSupervisor) await installation.start();
  // It is back when it stays back: a part that has just been struck may not be known to be away yet.
  for (let backAt = performance.now(); ; ) {
    const isWell = await installation.isWell();
    const at = performance.now();
    if (isWell && at - backAt > calmMs) return { name: fault.name, backMs: backAt - begun };
    if (!isWell) backAt = at;
    await pause(50);
  }
}

type Place = { workspaceId: string; organizationId: string };

async function torture() {
  const seed = Number(values.seed);
  const holdMs = Number(values["hold-seconds"]) * 1000;
  const installation = new Installation({ PROCESSES: values.processes });
  const strikes: Strike[] = [];
  await installation.start();
  const owner = ["--owner-email", "torture@example.com", "--plan", "paid"];
  const place = await installation.admin<Place>("organization", "create", "--name", "Torture", ...owner);
  const key = ["--workspace", place.workspaceId, "--name", "torture"];
  const { secret } = await installation.admin<{ secret: string }>("key", "create", ...key);
  const load = new Load(installation, secret, { customers: Number(values.customers), hangMs: patienceSeconds * 1000 });
  console.log(`seed ${seed}, ${installation.folder}`);
  for (const fault of order(Number(values.kills), numbers(seed))) {
    const struck = await strike(installation, fault, holdMs);
    strikes.push(struck);
    const { answered, refused, broken } = load.seen;
    console.log(
      `${struck.name.padEnd(34)} back after ${(struck.backMs / 1000).toFixed(1)} s; ${answered} answered, ${refused} refused, ${broken} broken off; longest wait ${(load.lap() / 1000).toFixed(1)} s`,
    );
  }
  const seen = await load.stop();
  const lost = await missing(installation, seen);
  const verdicts = await installation.admin<{ name: string; violations: number }[]>("verify");
  await installation.stop();
  await pause(1000);
  return { seen, strikes, lost, verdicts, remaining: installation.remaining(), folder: installation.folder };
}

/** Answers that came whole and are in no book. */
async function missing(installation: Installation, { acknowledged }: Seen): Promise<string[]> {
  const { sql } = connect(await installation.databaseUrl(), 1);
  const ids = [...acknowledged];
  const deadline = performance.now() + 20_000;
  for (;;) {
    const rows = await sql`select id from usage_events where id = any(${ids})`;
    const found = new Set(rows.map(({ id }) => String(id)));
    const lost = ids.filter((id) => !found.has(id));
    if (lost.length > 0 && performance.now() < deadline) {
      await pause(500);
      continue;
    }
    await sql.end();
    return lost;
  }
}

const { seen, strikes, lost, verdicts, remaining, folder } = await torture();
const slow = strikes.filter(({ backMs, name }) => backMs > patienceSeconds * 1000 && name !== "supervisor killed");
const broken = verdicts
  .filter(({ violations }) => violations > 0)
  .map(({ name, violations }) => `${name}: ${violations}`);
const checks: [string, string[]][] = [
  [`every one of ${seen.acknowledged.size} whole answers is in the books`, lost.slice(0, 5)],
  [
    `nothing waited above ${patienceSeconds} s, or got another answer than to try again (longest ${(seen.longestMs / 1000).toFixed(1)} s)`,
    seen.faults.slice(0, 10),
  ],
  [
    `back within ${patienceSeconds} s of each of ${strikes.length} faults`,
    slow.map(({ name, backMs }) => `${name}: ${(backMs / 1000).toFixed(1)} s`),
  ],
  ["every invariant holds", broken],
  ["nothing is left running", remaining],
];
let failed = 0;
for (const [promise, breaches] of checks) {
  if (breaches.length > 0) failed++;
  console.log(`${breaches.length === 0 ? "ok    " : "FAILED"}  ${promise}`);
  for (const breach of breaches) console.log(`        ${breach}`);
}
if (values.report) fs.writeFileSync(values.report, JSON.stringify({ passed: checks.length - failed, failed }));
if (failed === 0) fs.rmSync(folder, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
