import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "@redis/client";

export type TestRedis = {
  url: string;
  /** Lets this much time have passed for every bucket. */
  rewind: (ms: number) => Promise<void>;
  stop: () => Promise<void>;
};

/** For tests: a Redis of this file's own, or a cluster of one node. `npm test` installs the server where it can. */
export async function startRedis({ isCluster = false } = {}): Promise<TestRedis> {
  const program = [process.env.TEST_REDIS_SERVER, "redis-server", "valkey-server"].find(
    (name) => name && spawnSync(name, ["--version"]).status === 0,
  );
  if (!program) throw new Error("There is no redis-server here: install one, or set TEST_REDIS_SERVER to it.");
  const port = await freePort();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-redis-"));
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  if (isCluster) options.push("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1");
  const server = spawn(program, options, { stdio: "ignore" });
  const url = `redis://127.0.0.1:${port}`;
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => {});
  for (let attempt = 0; !client.isReady; attempt++) {
    await client.connect().catch(async (error: unknown) => {
      if (attempt > 100) throw error;
      await pause(20);
    });
  }
  if (isCluster) await formCluster(client);
  return {
    // Several addresses are what says that it is a cluster.
    url: isCluster ? `${url},${url}` : url,
    rewind: async (ms) => {
      for (const key of await client.keys("*")) await client.hIncrByFloat(key, "at", -ms / 1000);
    },
    stop: async () => {
      client.destroy();
      server.kill();
      await once(server, "exit");
      fs.rmSync(folder, { recursive: true });
    },
  };
}

async function formCluster(client: { sendCommand: (words: string[]) => Promise<unknown> }): Promise<void> {
  const slots = Array.from({ length: 16_384 }, (_, slot) => String(slot));
  await client.sendCommand(["CLUSTER", "ADDSLOTS", ...slots]);
  while (!String(await client.sendCommand(["CLUSTER", "INFO"])).includes("cluster_state:ok")) await pause(20);
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : 0));
    });
  });
