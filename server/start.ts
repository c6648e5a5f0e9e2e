import { disconnect } from "#db/client.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { startConsole } from "./console.ts";
import { onStop, runUntilStopped, stop } from "./lifecycle.ts";
import { greet, prepareDatabase, serve } from "./serving.ts";
import { settleEnvironment } from "./settle-environment.ts";
import { takeFolder } from "./tenancy.ts";

async function main(): Promise<void> {
  const begun = stopwatch();
  const { env, postgres } = await settleEnvironment();
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const tenancy = postgres ? await takeFolder(databaseUrl, env.DATA_DIR) : undefined;
  if (postgres) onStop(postgres.stop);
  if (tenancy) onStop(tenancy.leave);
  await prepareDatabase(databaseUrl, env);
  onStop(disconnect);

  const pages = await startConsole("start");
  onStop(pages.stop);
  void pages.exited.then((code) => stop(code || 1));
  const front = await serve({ databaseUrl, env, consolePort: pages.port, drainMs: 60_000 });
  await pages.ready();
  const url = env.PUBLIC_URL ?? `http://localhost:${front.port}`;
  tenancy?.note(url, pages.pid);
  greet(url, env, begun);
}

await runUntilStopped(main);
