import os from "node:os";
import { agentBodies } from "./agent-body.ts";
import { openBareProxy } from "./bare-proxy.ts";
import { bodyOf, compare, report, rounds, seconds, show, type Target } from "./compare.ts";
import { filesBench } from "./files.ts";
import { openFronts, openGateway, openOneFront } from "./gateway.ts";
import {
  type BenchDatabase,
  type Build,
  gatewayEnvironment,
  loadCore,
  openDatabase,
  otherBuild,
  type Part,
  part,
  type Ready,
  serverCore,
} from "./parts.ts";
import { openPassThrough } from "./pass-through.ts";
import { showStreams } from "./streams.ts";
import { tuningBench } from "./tuning.ts";
import { openStreamUpstream, openUpstream } from "./upstream.ts";
import { usageBench } from "./usage.ts";

const bare = ({ port, pid }: Part): Target => ({ name: "bare node:http", port, pids: [pid] });
const governed = ({ port, pid, pids = [pid], secrets = [] }: Part, name = "comptoir"): Target => ({
  name,
  port,
  pids,
  secrets,
});
/** The same with one customer only: one hot organization, which is the harder case for whatever is counted on it. */
const oneOf = (gateway: Part): Part => ({ ...gateway, secrets: gateway.secrets?.slice(0, 1) ?? [] });
const bodies = [bodyOf(120)];
const customers = 64;

/** The parts a section needs, stopped after it. */
async function withParts(
  database: BenchDatabase,
  upstreamRole: string,
  work: (parts: {
    targets: Target[];
    gateway: Part;
    start: (role: string, core?: number) => Promise<Part>;
  }) => Promise<void>,
): Promise<void> {
  const started: Part[] = [];
  const keep = async (starting: Promise<Part>): Promise<Part> => {
    const begun = await starting;
    started.push(begun);
    return begun;
  };
  try {
    const upstream = await keep(part(upstreamRole, loadCore));
    const environment = { ...gatewayEnvironment(database, upstream.port), BENCH_UPSTREAM: String(upstream.port) };
    const start = (role: string, core?: number, build?: Build) => keep(part(role, core, environment, build));
    const targets = [bare(await start("bare-proxy", serverCore))];
    const gateway = await start("gateway", serverCore);
    targets.push(governed(oneOf(gateway)));
    const other = otherBuild();
    if (other) targets.push(governed(oneOf(await start("gateway", serverCore, other)), "the other build"));
    await work({ targets, gateway, start });
  } finally {
    for (const { stop } of started) stop();
  }
}

const sections: Record<string, (database: BenchDatabase) => Promise<void>> = {
  small: (database) =>
    withParts(database, "upstream", async ({ targets }) => {
      for (const connections of [1, 16, 64]) {
        await show(`190 B, ${connections} connection${connections === 1 ? "" : "s"}`, targets, { bodies, connections });
      }
    }),
  large: (database) =>
    withParts(database, "upstream", async ({ targets }) => {
      await show("40 kB, 16 connections", targets, { bodies: [bodyOf(40_000)], connections: 16 });
      await show("400 kB, 16 connections", targets, { bodies: [bodyOf(400_000)], connections: 16 });
      await show("40 kB of an agent, 16", targets, { bodies: agentBodies(40_000, 64), connections: 16 });
      await show("400 kB of an agent, 16", targets, { bodies: agentBodies(400_000, 16), connections: 16 });
    }),
  delay: (database) =>
    withParts(database, "delayed-upstream", async ({ targets }) => {
      await show("20 ms upstream, 256 connections", targets, { bodies, connections: 256 });
    }),
  fronts: (database) =>
    withParts(database, "upstream", async ({ gateway, start }) => {
      // Nothing is pinned: fronts, load, upstream and database share all cores, as on a small machine.
      const targets = [];
      for (const role of ["one front", "two fronts"])
        targets.push(governed({ ...oneOf(gateway), ...(await start(role)) }, role));
      const shape = { bodies, connections: 64 };
      const measured = await compare(targets, shape);
      report("64 connections, all cores", targets, measured);
      const [one = Number.NaN, two = Number.NaN] = measured.map(({ cpuMicros }) => cpuMicros);
      console.log(`with a core each, two fronts serve ${((2 * one) / two).toFixed(2)} times what one serves`);
    }),
  governance: (database) =>
    withParts(database, "upstream", async ({ gateway, start }) => {
      const open = await start("pass-through", serverCore);
      const targets = [
        { name: "pass-through", port: open.port, pids: [open.pid], secrets: ["cpt_none"] },
        governed(oneOf(gateway), "governed"),
      ];
      await show("governance, 64 connections", targets, { bodies, connections: 64 });
    }),
  organizations: (database) =>
    withParts(database, "upstream", async ({ gateway }) => {
      const targets = [governed(gateway, `${customers} organizations`), governed(oneOf(gateway), "one organization")];
      await show("64 connections", targets, { bodies, connections: 64 });
    }),
  streams: (database) =>
    withParts(database, "stream-upstream", async ({ targets }) => {
      for (const connections of [64, 500]) await showStreams(targets, connections);
    }),
  refusals: (database) =>
    withParts(database, "upstream", async ({ gateway }) => {
      const { blocked } = gateway;
      const [answered] = gateway.secrets ?? [];
      const refused = (name: string, status: number, secret = "") => ({
        ...governed({ ...gateway, secrets: [secret] }, name),
        status,
      });
      const targets = [
        governed({ ...gateway, secrets: [answered ?? ""] }, "answers"),
        refused("bad key: 401", 401, `${answered?.slice(0, -1)}${answered?.endsWith("0") ? "1" : "0"}`),
        refused("rate limited: 429", 429, blocked?.limited),
        refused("over budget: 402", 402, blocked?.overBudget),
      ];
      await show("refusals, 64 connections", targets, { bodies, connections: 64 });
    }),
  usage: (database) => usageBench(database),
  files: filesBench,
  tuning: tuningBench,
};

async function bench(): Promise<void> {
  const only = process.env.BENCH_ONLY?.split(",");
  const database = await openDatabase();
  console.log(
    `${os.cpus()[0]?.model}, ${os.cpus().length} cores, Node ${process.version}, ${rounds} rounds of ${seconds} s`,
  );
  console.log(
    database.isPinned
      ? "servers on core 0; load, upstream and database on core 1"
      : "cores could not be chosen: taskset is missing",
  );
  console.log(
    "key check, rate limits, limits on key, workspace and organization, metering committed before the answer, request log and sealed content log: all on\n",
  );
  for (const [name, run] of Object.entries(sections)) if (!only || only.includes(name)) await run(database);
  await verifyCounts(database);
  await database.drop();
}

/** A fast meter that lost something would be no meter: what was answered must be what was counted. */
async function verifyCounts({ sql }: BenchDatabase): Promise<void> {
  const [row] = await sql`select
    (select count(*) from usage_events) as events,
    (select sum(requests) from usage_sums where dimension = 'model' and grain = 'day') as counted,
    (select sum(cost_pico) from usage_events) is not distinct from (select sum(settled_pico) from spend_months where scope = 'organization') as agrees`;
  console.log(
    `\n${row?.events} events written, ${row?.counted ?? 0} counted, sums ${row?.agrees ? "agree" : "DO NOT AGREE"}`,
  );
}

const roles: Record<string, () => Promise<Ready>> = {
  upstream: async () => ({ port: await openUpstream(0) }),
  "delayed-upstream": async () => ({ port: await openUpstream(20) }),
  "stream-upstream": async () => ({ port: await openStreamUpstream() }),
  "bare-proxy": async () => ({ port: await openBareProxy(Number(process.env.BENCH_UPSTREAM)) }),
  gateway: openGateway,
  front: openOneFront,
  "one front": () => openFronts(1),
  "two fronts": () => openFronts(2),
  "pass-through": openPassThrough,
};

const role = roles[process.argv[2] ?? ""];
if (role) process.send?.(await role());
else await bench();
