import { disconnect, sql } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { demoAccounts } from "#db/seed/demo.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { Env } from "#lib/core/env.ts";
import { log, logError } from "#lib/core/log.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { startConsole } from "./console.ts";
import { openFront } from "./front.ts";
import { startRunner } from "./jobs/runner.ts";
import { scenarios, seedWorld } from "./seed-world.ts";
import { refuse, settleEnvironment } from "./settle-environment.ts";
import { systemContext } from "./system-context.ts";
import { takeFolder } from "./tenancy.ts";

type Step = () => Promise<unknown>;

/** What was started, to be stopped in the opposite order. */
const started: Step[] = [];
const drainMs = 60_000;
let stopping: Promise<never> | undefined;

async function main(): Promise<void> {
  const begun = stopwatch();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
  stopWithNpm();
  const { env, postgres } = await settleEnvironment();
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const tenancy = postgres ? await takeFolder(databaseUrl, env.DATA_DIR) : undefined;
  if (postgres) started.push(postgres.stop);
  if (tenancy) started.push(tenancy.leave);
  await prepareDatabase(databaseUrl, env);
  started.push(disconnect);

  const pages = await startConsole(process.argv[1] === "dev" ? "dev" : "start");
  started.push(pages.stop);
  void pages.exited.then((code) => stop(code || 1));
  const plane = await openDataPlane(sql(), env);
  started.push(plane.close);
  if (env.WORKER === "on") {
    const runner = await startRunner(databaseUrl);
    started.push(() => runner.stop());
  }
  const front = await openFront({ env, plane, consolePort: pages.port });
  started.push(() => within(drainMs, front.close()));
  await pages.ready();
  const url = env.PUBLIC_URL ?? `http://localhost:${front.port}`;
  tenancy?.note(url, pages.pid);
  greet(url, env, begun);
}

async function prepareDatabase(databaseUrl: string, env: Env): Promise<void> {
  await migrateDatabase(databaseUrl);
  const ctx = systemContext("start");
  await preparePartitions(ctx);
  await publishDocuments(ctx);
  await publishCatalogue(ctx, servedModels(env));
  if (env.DEMO === "on") await seedOnce();
}

async function seedOnce(): Promise<void> {
  const [row] = await sql()`select exists (select from organizations) as settled`;
  const demo = scenarios.demo;
  if (!row?.settled && demo) await seedWorld(demo);
}

function greet(url: string, env: Env, begun: number): void {
  const lines = [`\n  ${env.PROVIDER_NAME} is ready at ${url} (${((stopwatch() - begun) / 1000).toFixed(1)} s)`];
  if (env.DEMO === "on") {
    lines.push("\n  A demo world lives here. Sign in as:");
    for (const { email, who } of demoAccounts) lines.push(`    ${email.padEnd(22)} ${who}`);
    lines.push(`  Everybody's password is ${demoAccounts[0]?.password}.`);
  }
  console.log(`${lines.join("\n")}\n`);
}

/** Requests under way are finished, up to a minute; then everything this process started is stopped. */
function stop(code: number): Promise<never> {
  stopping ??= (async () => {
    log("stopping");
    for (const step of started.reverse()) {
      await step().catch((error: unknown) => void logError("stop", error));
    }
    process.exit(code);
  })();
  return stopping;
}

const within = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);

/** npm runs us in a shell that dies of SIGTERM without passing it on, so we notice being orphaned. */
function stopWithNpm(): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 300).unref();
}

await main().catch(async (error: unknown) => {
  for (const step of started.reverse()) await step().catch(() => undefined);
  refuse(error);
});
