import { parentPort, workerData } from "node:worker_threads";
import { earlierBases, loadBase } from "./base.ts";
import { copyIds } from "./copies.ts";
import type { Delivery, Order, WorkerSettings } from "./messages.ts";
import { createSampler } from "./sampler.ts";
import { Shelf } from "./tuning/shelf.ts";
import { Turns } from "./turns.ts";

if (!parentPort) throw new Error("This file is the entry of a worker thread.");
const port = parentPort;
const { cacheDir, tunedBytes } = workerData as WorkerSettings;
const base = await loadBase(cacheDir);
const earlier = await earlierBases(cacheDir, base.version);
const larger = Math.max(0, ...earlier.map(({ vocabulary }) => vocabulary.size - base.vocabulary.size));
const shelf = new Shelf([base, ...earlier], tunedBytes);
const turns = new Turns(createSampler(base, copyIds + larger), shelf, (reports) => port.postMessage(reports));
// Orders given while the model was loading wait in the port.
port.on("message", (order: Order | Delivery) => turns.take(order));
