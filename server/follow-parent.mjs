// Loaded first into the console's process: when the server that started it dies, however suddenly, it ends too.
import { isMainThread } from "node:worker_threads";

const everyMs = 250;

// What it prints may have no reader any more; that must not end it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

// A signal that by itself opens a debugger, which could read what people ask.
if (isMainThread && process.env.NODE_ENV !== "development") process.on("SIGUSR1", () => undefined);

if (isMainThread) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, everyMs).unref();
}
