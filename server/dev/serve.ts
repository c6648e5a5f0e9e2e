import net from "node:net";
import { disconnect } from "#db/client.ts";
import { DatabaseWatch } from "#db/watch.ts";
import { env } from "#lib/core/env.ts";
import { startRunner } from "#server/jobs/runner.ts";
import { onStop, runUntilStopped, stop } from "#server/lifecycle.ts";
import { prepareDatabase, serve } from "#server/serving.ts";
import { HandedOver } from "./handed-over.ts";

const drainMs = 500;

/** What `npm run dev` replaces on every change: started with the port of the pages, its connections come by message. */
async function main(): Promise<void> {
  const settled = env();
  const databaseUrl = process.env.DATABASE_URL ?? "";
  process.once("disconnect", () => void stop(0));
  await prepareDatabase(databaseUrl, settled);
  onStop(disconnect);
  const consolePort = Number(process.argv[2]);
  let handed: HandedOver | undefined;
  const receive = (server: ConstructorParameters<typeof HandedOver>[0]) => {
    handed = new HandedOver(server);
  };
  const watch = new DatabaseWatch(databaseUrl);
  onStop(() => watch.stop());
  const parts = { console: true, worker: true };
  await serve({ env: settled, watch, parts, consolePort, isDev: true, drainMs: () => drainMs, receive });
  if (settled.WORKER === "on") {
    const runner = await startRunner(databaseUrl);
    onStop(() => runner.stop());
  }
  process.on("message", (_message, socket) => {
    if (socket instanceof net.Socket) handed?.take(socket);
    else
      void Promise.race([handed?.settle(), new Promise((resolve) => setTimeout(resolve, drainMs))]).then(() => stop(0));
  });
  process.send?.("ready");
}

await runUntilStopped(main);
