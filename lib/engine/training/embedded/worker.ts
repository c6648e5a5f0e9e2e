import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { AppError, Fault } from "#lib/core/errors.ts";
import { loadBase } from "#lib/engine/tiny/base.ts";
import { Breath } from "#lib/engine/training/breath.ts";
import type { Place, ThreadData, ThreadOrder, ThreadReport } from "./messages.ts";
import { runReview } from "./review.ts";
import { runSession, type SessionTask } from "./session.ts";

/** The thread's side of its port: one thing is waited for at a time. */
class ThreadPort {
  isStopped = false;
  readonly #port: MessagePort;
  #waiting: ((order: ThreadOrder) => void) | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (order: ThreadOrder) => {
      if (order.type === "stop") this.isStopped = true;
      else this.#waiting?.(order);
    });
  }

  tell(report: ThreadReport, moved: ArrayBuffer[] = []): void {
    this.#port.postMessage(report, moved);
  }

  async ask(report: ThreadReport, moved: ArrayBuffer[] = []): Promise<ThreadOrder> {
    const answer = new Promise<ThreadOrder>((resolve) => {
      this.#waiting = resolve;
    });
    this.tell(report, moved);
    return await answer;
  }

  async *read(place: Place): AsyncGenerator<Buffer> {
    this.tell({ type: "open", place });
    for (;;) {
      const answer = await this.ask({ type: "pull" });
      if (answer.type !== "piece") throw new Fault("The data of a training could not be read.");
      if (!answer.bytes) return;
      yield Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
    }
  }

  close(): void {
    this.#port.close();
  }
}

if (!parentPort) throw new Error("This file is the entry of a worker thread.");
const port = new ThreadPort(parentPort);
/** Work of a review between two turns of the event loop. */
const turnMs = 50;
const { task, cacheDir, isPaced, work } = workerData as ThreadData;

const sourceAt = (place: Place) => ({ open: async () => port.read(place) });
const sessionTask: SessionTask = {
  ...task,
  training: task.training.map((set, at) => ({ ...set, ...sourceAt({ kind: "training", at }) })),
  validation: Array.from({ length: task.validation }, (_, at) => sourceAt({ kind: "validation", at })),
};
const kept = task.resume.map((step, at) => ({
  step,
  read: async () => {
    const pieces: Buffer[] = [];
    for await (const piece of port.read({ kind: "resume", at })) pieces.push(piece);
    return Buffer.concat(pieces);
  },
}));
const line = {
  tell: (step: number, points: ThreadPoints, notes: ThreadNotes) => port.tell({ type: "told", step, points, notes }),
  checkpoint: async (report: CheckpointOf["report"], bytes: Uint8Array) => {
    const weights = new Uint8Array(bytes);
    await port.ask({ type: "checkpoint", report, weights }, [weights.buffer]);
  },
  isStopped: () => port.isStopped,
};

type Told = Extract<ThreadReport, { type: "told" }>;
type ThreadPoints = Told["points"];
type ThreadNotes = Told["notes"];
type CheckpointOf = Extract<ThreadReport, { type: "checkpoint" }>;

async function train(): Promise<ThreadReport> {
  return { type: "over", outcome: await runSession(sessionTask, await loadBase(cacheDir), line, { isPaced, kept }) };
}

async function review(): Promise<ThreadReport> {
  try {
    const weights = (await kept[0]?.read()) ?? new Uint8Array();
    const report = await runReview(sessionTask, await loadBase(cacheDir), weights, new Breath(turnMs));
    return { type: "reviewed", report };
  } catch (error) {
    if (error instanceof AppError) return { type: "refused", message: error.message };
    throw error;
  }
}

port.tell(await (work === "review" ? review() : train()));
port.close();
