import type http from "node:http";
import { sql } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { demoAccounts } from "#db/seed/demo.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { Env } from "#lib/core/env.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { type Front, openFront } from "./front.ts";
import { startRunner } from "./jobs/runner.ts";
import { onStop } from "./lifecycle.ts";
import { scenarios, seedWorld } from "./seed-world.ts";
import { systemContext } from "./system-context.ts";

/** Brings the database to this version, with what the version publishes in it. */
export async function prepareDatabase(databaseUrl: string, env: Env): Promise<void> {
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

type Options = {
  databaseUrl: string;
  env: Env;
  consolePort: number;
  /** How long requests under way may take when this process stops. */
  drainMs: number;
  /** Takes the place of listening, where another process owns the port. */
  receive?: (server: http.Server) => void;
};

/** Everything that answers and works, but for the pages. */
export async function serve({ databaseUrl, env, drainMs, ...front }: Options): Promise<Front> {
  const plane = await openDataPlane(sql(), env);
  onStop(plane.close);
  if (env.WORKER === "on") {
    const runner = await startRunner(databaseUrl);
    onStop(() => runner.stop());
  }
  const opened = await openFront({ env, plane, ...front });
  onStop(() => within(drainMs, opened.close()));
  return opened;
}

const within = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);

export function greet(url: string, env: Env, begun: number): void {
  const lines = [`\n  ${env.PROVIDER_NAME} is ready at ${url} (${((stopwatch() - begun) / 1000).toFixed(1)} s)`];
  if (env.DEMO === "on") {
    lines.push("\n  A demo world lives here. Sign in as:");
    for (const { email, who } of demoAccounts) lines.push(`    ${email.padEnd(22)} ${who}`);
    lines.push(`  Everybody's password is ${demoAccounts[0]?.password}.`);
  }
  console.log(`${lines.join("\n")}\n`);
}
