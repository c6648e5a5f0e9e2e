import { parentPort } from "node:worker_threads";
import type { Order } from "./messages.ts";
import { createWorkbench } from "./workbench.ts";

if (!parentPort) throw new Error("This file is the entry of a worker thread.");
const port = parentPort;
const take = createWorkbench((reply) => port.postMessage(reply));
port.on("message", (order: Order) => take(order));
