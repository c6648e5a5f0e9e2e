import { Worker } from "node:worker_threads";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { Delivery, Need, Order, Report, WorkerSettings } from "./messages.ts";

/** Beyond it the worker dies instead of the process. */
const heapMb = 512;

export type Listener = { hear(report: Report): void; fail(error: AppError): void };
type OrderOf<Type> = Type extends Order ? Omit<Type, "id"> : never;

export type Link = {
  /** Sends an order; reports about it go to the listener until it is over or dropped. */
  send(order: OrderOf<Order>, listener: Listener): { drop(): void };
  /** Says something about tuned models; what the worker that hears it does not know, it lets be. */
  deliver(delivery: Delivery): void;
  close(): Promise<void>;
};

/** The line to the worker, which is started now and again whenever it was lost. */
export function openLink(workerFile: string, settings: WorkerSettings, hearNeed: (need: Need) => void): Link {
  const listeners = new Map<number, Listener>();
  let worker: Worker | undefined;
  let lastId = 0;
  let isClosed = false;

  const lose = (lost: Worker): void => {
    if (worker !== lost) return;
    worker = undefined;
    const waiting = [...listeners.values()];
    listeners.clear();
    for (const listener of waiting) listener.fail(lostWorker());
  };
  const start = (): Worker => {
    const started = new Worker(workerFile, {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    const hear = (report: Report): void => {
      const listener = listeners.get(report.id);
      if (report.type !== "deltas") listeners.delete(report.id);
      listener?.hear(report);
    };
    started.on("message", (reports: (Report | Need)[]) => {
      for (const report of reports) {
        if (report.type === "need") hearNeed(report);
        else hear(report);
      }
    });
    started.on("error", (error) => {
      logError("engine.tiny.lost", error);
      lose(started);
    });
    started.on("exit", () => lose(started));
    return started;
  };
  worker = start();

  return {
    send(order, listener) {
      if (isClosed) throw lostWorker();
      worker ??= start();
      const id = ++lastId;
      listeners.set(id, listener);
      worker.postMessage({ ...order, id });
      return {
        drop() {
          if (listeners.delete(id)) worker?.postMessage({ type: "abort", id });
        },
      };
    },
    deliver(delivery) {
      const moved = delivery.type === "weights" ? [delivery.bytes.buffer] : [];
      worker?.postMessage(delivery, moved);
    },
    async close() {
      isClosed = true;
      const last = worker;
      if (last) lose(last);
      await last?.terminate();
    },
  };
}

const lostWorker = (): AppError =>
  new AppError("unavailable", "The embedded model stopped working on this request.", { retryAfter: 1 });
