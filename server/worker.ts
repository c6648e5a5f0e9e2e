import { disconnect } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { startRunner } from "./jobs/runner.ts";
import { letGo, refuse, settleEnvironment } from "./settle-environment.ts";

/** Background jobs in a process of their own, for installations whose server runs with WORKER=off. */
async function main(): Promise<void> {
  const { postgres } = await settleEnvironment();
  const url = process.env.DATABASE_URL ?? "";
  await migrateDatabase(url);
  const runner = await startRunner(url);
  console.log("Running background jobs. Stop with Ctrl C.");
  const stop = async () => {
    await runner.stop();
    await disconnect();
    await letGo(postgres);
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
}

await main().catch(refuse);
