import { setTimeout as pause } from "node:timers/promises";
import { disconnect } from "#db/client.ts";
import { findPostgres } from "#db/embedded.ts";
import { DatabaseWatch } from "#db/watch.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import type { PartStates } from "./front.ts";
import { openInternal } from "./internal.ts";
import { onStop, runUntilStopped } from "./lifecycle.ts";
import { longestDrainMs, serve } from "./serving.ts";
import { postgresHome } from "./settle-environment.ts";
import { reportAlive } from "./supervision/alive.ts";
import { isTaken } from "./tenancy.ts";

/** When the supervisor is gone, another one may want the port. */
const orphanDrainMs = 1000;
/** A server that is started again at once goes on with the database that runs. */
const orphanWaitMs = 5000;

/** One of the processes on the public port, started with the port of the pages. */
async function main(): Promise<void> {
  onStop(leaveDatabase, 30_000);
  const watch = new DatabaseWatch(process.env.DATABASE_URL ?? "", (isAway) =>
    log(isAway ? "database.away" : "database.back"),
  );
  onStop(() => watch.stop());
  onStop(disconnect);
  const parts: PartStates = { console: false, worker: false };
  process.on("message", (message: { parts?: PartStates }) => Object.assign(parts, message.parts));
  const internal = await openInternal(env());
  onStop(async () => {
    internal?.close();
    internal?.closeAllConnections();
  });
  const drainMs = (): number => (process.connected ? longestDrainMs : orphanDrainMs);
  await serve({ env: env(), watch, parts, consolePort: Number(process.argv[2]), drainMs });
  reportAlive();
}

/** The embedded database outlives a supervisor that was killed, but not for nobody. */
async function leaveDatabase(): Promise<void> {
  const { DEMO, DATA_DIR } = env();
  if (process.connected || DEMO === "off") return;
  await pause(orphanWaitMs);
  const found = await findPostgres(postgresHome(DATA_DIR));
  if (found && !(await isTaken(found.url, DATA_DIR))) await found.stop();
}

await runUntilStopped(main);
