import { setTimeout as pause } from "node:timers/promises";
import { disconnect } from "#db/client.ts";
import { type Embedded, freePort, startPostgres } from "#db/embedded.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { type Env, env as readEnv } from "#lib/core/env.ts";
import { log, logError } from "#lib/core/log.ts";
import { onStop, runUntilStopped } from "./lifecycle.ts";
import { greet, prepareDatabase } from "./serving.ts";
import { postgresHome, settleEnvironment } from "./settle-environment.ts";
import { openWaiting } from "./status/waiting.ts";
import { DatabaseKeeper } from "./supervision/database.ts";
import { Parts } from "./supervision/parts.ts";
import { systemContext } from "./system-context.ts";
import { Tenancy } from "./tenancy.ts";
import { lookAndLog } from "./zero-retention/readiness.ts";

/** `npm start`: prepares the database, then starts the other processes and keeps all of them running. */
async function main(): Promise<void> {
  const begun = stopwatch();
  // The embedded database is a part of this server, another one may be away for a while.
  const early = process.env.DATABASE_URL && process.env.PORT !== "0" ? await openWaiting(readEnv()) : undefined;
  const { env, postgres } = await patiently(settleEnvironment);
  const waiting = early ?? (env.PORT ? await openWaiting(env) : undefined);
  const tenancy = postgres && (await takeFolder(postgres, env));
  await patiently(() => prepareDatabase(process.env.DATABASE_URL ?? "", env));
  await disconnect();
  await waiting?.close();

  // Known before anything starts: fronts that each looked for one would not find the same.
  const port = env.PORT || (await freePort());
  const address = env.PUBLIC_URL ?? `http://localhost:${port}`;
  const note = (): void => {
    const { front, console: consolePid } = parts.pids();
    tenancy?.note({ url: address, consolePid, front });
  };
  const parts: Parts = new Parts(
    { ...env, PORT: port },
    { console: await freePort(), internal: await freePort() },
    note,
  );
  await parts.start();
  greet(address, env, begun);
  await lookAndLog(systemContext("start"), { isStarting: true }).catch((error: unknown) =>
    logError("readiness", error),
  );
  await disconnect();
}

const retryMs = 1000;

/** Does it again until the database answers. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (tries === 0) log("database.away", { waits: "It is tried again until the database answers." });
      await pause(retryMs);
    }
  }
}

const patienceMs = 15_000;

/** Those of a server that was killed a moment ago may still be stopping the database: then it is started once more. */
async function takeFolder(postgres: Embedded, env: Env): Promise<Tenancy> {
  const home = postgresHome(env.DATA_DIR);
  const deadline = stopwatch() + patienceMs;
  for (let found = postgres; ; found = await startPostgres(home, postgres.port)) {
    try {
      const tenancy = await Tenancy.take(found.url, env.DATA_DIR);
      const keeper = new DatabaseKeeper(home, found, tenancy);
      onStop(() => keeper.stop(), 30_000);
      return tenancy;
    } catch (error) {
      if (!isDatabaseAway(error) || stopwatch() > deadline) throw error;
      await pause(250);
    }
  }
}

await runUntilStopped(main);
