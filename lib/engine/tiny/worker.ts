import { parentPort, workerData } from "node:worker_threads";
import { loadBase } from "./base.ts";
import type { Order, WorkerSettings } from "./messages.ts";
import { createSampler } from "./sampler.ts";
import { createTurns } from "./turns.ts";

if (!parentPort) throw new Error("This file is the entry of a worker thread.");
const port = parentPort;
const { cacheDir } = workerData as WorkerSettings;
const take = createTurns(createSampler(await loadBase(cacheDir)), (reports) => port.postMessage(reports));
// Orders given while the model was loading wait in the port.
port.on("message", (order: Order) => take(order));
