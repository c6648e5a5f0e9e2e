import net from "node:net";
import { disconnect } from "#db/client.ts";
import { env } from "#lib/core/env.ts";
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
  await serve({ databaseUrl, env: settled, consolePort, drainMs, receive });
  process.on("message", (_message, socket) => {
    if (socket instanceof net.Socket) handed?.take(socket);
    else
      void Promise.race([handed?.settle(), new Promise((resolve) => setTimeout(resolve, drainMs))]).then(() => stop(0));
  });
  process.send?.("ready");
}

await runUntilStopped(main);
