import { disconnect } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { DatabaseWatch } from "#db/watch.ts";
import { env } from "#lib/core/env.ts";
import { checkSecrets } from "#lib/domain/invariants/secrets/commands.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { startRunner } from "./jobs/runner.ts";
import { onStop, runUntilStopped } from "./lifecycle.ts";
import { letGo, settleEnvironment } from "./settle-environment.ts";
import { reportAlive } from "./supervision/alive.ts";
import { systemContext } from "./system-context.ts";
import { startTrainings } from "./training/trainings.ts";

/** Background jobs: one of the processes of `npm start`, or by itself where the server runs with WORKER=off. */
async function main(): Promise<void> {
  const isPart = process.send !== undefined;
  if (!isPart) await prepare();
  const url = process.env.DATABASE_URL ?? "";
  const watch = new DatabaseWatch(url);
  onStop(() => watch.stop());
  onStop(disconnect);
  const runner = await startRunner(url);
  onStop(() => runner.stop());
  const trainings = startTrainings(env());
  onStop(() => trainings.stop());
  if (isPart) reportAlive();
  else console.log("Running background jobs. Stop with Ctrl C.");
}

async function prepare(): Promise<void> {
  const { postgres } = await settleEnvironment();
  onStop(() => letGo(postgres));
  await migrateDatabase(process.env.DATABASE_URL ?? "");
  await checkSecrets(systemContext("worker"));
  await settleKeyring(systemContext("worker"));
}

await runUntilStopped(main);
