// Loaded first into the console's process: when the server that started it dies, however suddenly, it ends too.
import { isMainThread } from "node:worker_threads";

const everyMs = 250;

if (isMainThread) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, everyMs).unref();
}
