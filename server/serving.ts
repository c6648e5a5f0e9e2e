import type http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { demoAccounts } from "#db/seed/demo.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import type { DatabaseWatch } from "#db/watch.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { Env } from "#lib/core/env.ts";
import { sealAgents } from "#lib/domain/agents/sealing/commands.ts";
import { publishBilling } from "#lib/domain/billing/accounts/commands.ts";
import { sealConversations } from "#lib/domain/conversations/sealing/commands.ts";
import { sealTickets } from "#lib/domain/help/sealing/commands.ts";
import { sealRecordsAnew } from "#lib/domain/invariants/records/commands.ts";
import { checkSecrets } from "#lib/domain/invariants/secrets/commands.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { newsLines } from "#lib/domain/models/rules.ts";
import { refuseForgotten } from "#lib/domain/retention/copies/commands.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { publishFirstThresholds } from "#lib/domain/thresholds/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { publishMarks } from "#lib/domain/zero-retention/marks/commands.ts";
import { quietUpstreams, servedModels } from "#lib/engine/engines.ts";
import { BatchRunner } from "#lib/gateway/batch/runner.ts";
import { type DataPlane, openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { type Front, openFront, type PartStates } from "./front.ts";
import { onStop } from "./lifecycle.ts";
import { scenarios, seedWorld } from "./seed-world.ts";
import { Journal } from "./status/journal.ts";
import { mirrorOf } from "./status/mirror.ts";
import { probesOf } from "./status/probes.ts";
import { SnapshotFile, statusFolder } from "./status/snapshot.ts";
import { StatusWatch } from "./status/watch.ts";
import { systemContext } from "./system-context.ts";

/** Brings the database to this version, with what the version publishes in it. */
export async function prepareDatabase(databaseUrl: string, env: Env): Promise<void> {
  await migrateDatabase(databaseUrl);
  const ctx = systemContext("start");
  await checkSecrets(ctx);
  await settleKeyring(ctx);
  await sealConversations(ctx);
  await sealAgents(ctx);
  await sealTickets(ctx);
  await sealRecordsAnew(ctx);
  await refuseForgotten(ctx);
  await preparePartitions(ctx);
  await publishDocuments(ctx);
  await publishBilling(ctx);
  for (const line of newsLines(await publishCatalogue(ctx, servedModels(env)))) console.log(`\n  ${line}`);
  await publishMarks(ctx, quietUpstreams(env));
  await publishFirstThresholds(ctx);
  if (env.DEMO === "on") await seedOnce();
}

async function seedOnce(): Promise<void> {
  const [row] = await sql()`select exists (select from organizations) as settled`;
  const demo = scenarios.demo;
  if (!row?.settled && demo) await seedWorld(demo);
}

export const longestDrainMs = 60_000;

type Options = {
  env: Env;
  watch: DatabaseWatch;
  parts: PartStates;
  consolePort: number;
  /** Whether upgrades are for the development server of the pages. */
  isDev?: boolean;
  /** How long requests under way may take when this process stops. */
  drainMs: () => number;
  /** Takes the place of listening, where another process owns the port. */
  receive?: (server: http.Server) => void;
};

const retryMs = 250;
/** What ending the data plane may take after the last request. */
const planeMs = 12_000;

/** Everything that answers, but for the pages. Answers with 503 until the database lets it do more. */
export async function serve({ env, drainMs, ...front }: Options): Promise<Front> {
  const status = watchStatus(env, front);
  const opened = await openFront({ env, ...front, status });
  const entered: DataPlane[] = [];
  const runners: BatchRunner[] = [];
  onStop(async () => {
    const drained = drainMs();
    const ended = Promise.all([opened.close(), ...runners.map((runner) => runner.stop())]);
    await Promise.race([ended, pause(drained, undefined, { ref: false })]);
    for (const plane of entered) await plane.close();
  }, longestDrainMs + planeMs);
  // It tells what is away, so it waits for nothing.
  status.start();
  onStop(() => status.stop());
  const plane = await planeOf(env);
  entered.push(plane);
  opened.enter(plane);
  runners.push(startBatches(plane, env));
  return opened;
}

function watchStatus(env: Env, { watch, consolePort }: Pick<Options, "watch" | "consolePort">): StatusWatch {
  const folder = statusFolder(env.DATA_DIR);
  return new StatusWatch({
    probes: probesOf({ env, sql: sql(), port: env.PORT, hasConsole: Boolean(consolePort) }),
    journal: new Journal(folder),
    file: new SnapshotFile(folder),
    context: () => systemContext("status"),
    isDatabaseAway: () => watch.isAway,
    mirror: mirrorOf(env),
  });
}

/** Batches are worked off where requests are answered: each passes the same limits, in the same process. */
function startBatches(plane: DataPlane, env: Env): BatchRunner {
  const runner = new BatchRunner({ plane, context: () => systemContext("batch"), atOnce: env.BATCH_REQUESTS });
  runner.start();
  return runner;
}

async function planeOf(env: Env): Promise<DataPlane> {
  for (;;) {
    try {
      return await openDataPlane(sql(), env);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await pause(retryMs);
    }
  }
}

export function greet(url: string, env: Env, begun: number): void {
  const lines = [`\n  ${env.PROVIDER_NAME} is ready at ${url} (${((stopwatch() - begun) / 1000).toFixed(1)} s)`];
  if (env.DEMO === "on") {
    lines.push("\n  A demo world lives here. Sign in as:");
    for (const { email, who } of demoAccounts) lines.push(`    ${email.padEnd(22)} ${who}`);
    lines.push(`  Everybody's password is ${demoAccounts[0]?.password}.`);
  }
  console.log(`${lines.join("\n")}\n`);
}
