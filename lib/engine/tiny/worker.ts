import { parentPort, workerData } from "node:worker_threads";
import { loadBase } from "./base.ts";
import { copyIds } from "./copies.ts";
import type { Delivery, Order, WorkerSettings } from "./messages.ts";
import { createSampler } from "./sampler.ts";
import { Shelf } from "./tuning/shelf.ts";
import { Turns } from "./turns.ts";

if (!parentPort) throw new Error("This file is the entry of a worker thread.");
const port = parentPort;
const { cacheDir, tunedBytes } = workerData as WorkerSettings;
const base = await loadBase(cacheDir);
const turns = new Turns(createSampler(base, copyIds), new Shelf(base, tunedBytes), (reports) =>
  port.postMessage(reports),
);
// Orders given while the model was loading wait in the port.
port.on("message", (order: Order | Delivery) => turns.take(order));
