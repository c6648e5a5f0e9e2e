import { fork } from "node:child_process";
import fs from "node:fs";
import { freePort } from "#db/embedded.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { bundleOptions, bundleStamp, entryPoints } from "#server/bundle.mjs";
import { consoleAnswers, spawnConsole } from "#server/console.ts";
import { onStop, runUntilStopped } from "#server/lifecycle.ts";
import { greet } from "#server/serving.ts";
import { settleEnvironment } from "#server/settle-environment.ts";
import { Part } from "#server/supervision/part.ts";
import { Tenancy } from "#server/tenancy.ts";
import { Door } from "./door.ts";
import { Reloader } from "./reloader.ts";
import { watchSources } from "./sources.ts";

/**
 * `npm run dev`: database, pages and the public port stay, and Next reloads its pages itself. What answers programs and
 * works in the background is a process of its own, replaced on every change.
 */
async function main(): Promise<void> {
  const begun = stopwatch();
  const { env, postgres } = await settleEnvironment();
  const tenancy = postgres && (await Tenancy.take(postgres.url, env.DATA_DIR));
  if (postgres) onStop(postgres.stop);
  if (tenancy) onStop(() => tenancy.leave());

  const door = new Door();
  const port = await door.open(env.PORT, env.HOST);
  const consolePort = await freePort();
  const pages = new Part({
    name: "console",
    spawn: () => spawnConsole("dev", consolePort),
    probe: () => consoleAnswers(consolePort),
    graceMs: 8000,
  });
  onStop(() => pages.stop());
  const pagesStarted = pages.start();
  // `--inspect` and its port are for this process: it runs all code that is not a page's.
  const execArgv = ["--enable-source-maps", ...process.argv.slice(2).filter((word) => word.startsWith("--inspect"))];
  const reloader = new Reloader(door, () => fork("dist/dev-serve.mjs", [String(consolePort)], { execArgv }));
  onStop(() => reloader.stop());
  const { "dev-serve": serve, "tiny-worker": tinyWorker, "dataset-worker": dataSetWorker } = entryPoints;
  const options = {
    ...bundleOptions,
    entryPoints: { "dev-serve": serve, "tiny-worker": tinyWorker, "dataset-worker": dataSetWorker },
  };
  onStop(await watchSources({ folders: ["db", "lib", "server"], options, onChange: () => reload(reloader) }));
  const isReady = await reloader.replace();
  await pagesStarted;
  const url = env.PUBLIC_URL ?? `http://localhost:${port}`;
  tenancy?.note({ url, consolePid: pages.pid, front: [process.pid] });
  if (isReady) greet(url, env, begun);
}

async function reload(reloader: Reloader): Promise<void> {
  // Other commands are not built anew here: they do so when they run.
  fs.rmSync(bundleStamp, { force: true });
  const begun = stopwatch();
  if (await reloader.replace()) console.log(`  Reloaded in ${((stopwatch() - begun) / 1000).toFixed(1)} s`);
}

await runUntilStopped(main);
