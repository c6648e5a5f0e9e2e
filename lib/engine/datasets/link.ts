import path from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { Order, Reply, SoFar, Work } from "./messages.ts";

/** Beyond it the worker dies instead of the process. */
const heapMb = 512;
/** How much may be on its way to the worker for one data set. */
const underWayMost = 8 * 1024 * 1024;

type OrderOf<Type> = Type extends Order ? Omit<Type, "id"> : never;
type Waiting = { resolve: (reply: Reply) => void; reject: (error: AppError) => void };

/** The one worker of this process that looks through data sets; started when it is needed, and again when it was lost. */
class Bench {
  file = path.resolve("dist/dataset-worker.mjs");
  readonly #waiting = new Map<number, Waiting[]>();
  #worker: Worker | undefined;
  #lastId = 0;

  open(): number {
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, []);
    return this.#lastId;
  }

  tell(id: number, order: OrderOf<Order>, transfer: ArrayBuffer[] = []): void {
    if (!this.#waiting.has(id)) throw lost();
    this.#worker ??= this.#start();
    this.#worker.postMessage({ ...order, id }, transfer);
  }

  ask(id: number, order: OrderOf<Order>, transfer: ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.tell(id, order, transfer);
      this.#waiting.get(id)?.push({ resolve, reject });
      this.#worker?.ref();
    });
  }

  close(id: number): void {
    this.#waiting.delete(id);
    this.#rest();
  }

  #start(): Worker {
    const started = new Worker(this.file, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    started.on("message", (reply: Reply) => this.#hear(reply));
    started.on("error", (error) => {
      logError("datasets.worker.lost", error);
      this.#lose(started);
    });
    started.on("exit", () => this.#lose(started));
    return started;
  }

  #hear(reply: Reply): void {
    const first = this.#waiting.get(reply.id)?.shift();
    if (reply.type === "failed") first?.reject(lost());
    else first?.resolve(reply);
    this.#rest();
  }

  /** A worker that has nothing to answer keeps no process alive. */
  #rest(): void {
    if ([...this.#waiting.values()].every((queue) => queue.length === 0)) this.#worker?.unref();
  }

  #lose(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const queues = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const queue of queues) for (const { reject } of queue) reject(lost());
  }
}

const lost = (): AppError =>
  new AppError("unavailable", "This data set could not be looked through. Try again in a moment.", { retryAfter: 1 });

const bench = new Bench();

/** Where the worker's program lies, where that is not `dist`. */
export function runDataSetsFrom(file: string): void {
  bench.file = file;
}

/** Something done with one data set in the worker, piece by piece. What breaks is `unavailable`, and says nothing of the data. */
export class DataSetRun {
  /** What a check has found so far. */
  soFar: SoFar = { good: 0, bad: 0, problems: 0 };
  readonly #id = bench.open();
  #underWay = 0;
  #failed: unknown;

  constructor(work: Work) {
    bench.tell(this.#id, { type: "begin", work });
  }

  /** Hands a piece over, and waits only while much is under way. */
  async give(piece: Uint8Array): Promise<void> {
    if (this.#failed) throw this.#failed;
    const answered = this.see(piece).catch((error: unknown) => {
      this.#failed ??= error;
    });
    if (this.#underWay > underWayMost) await answered;
  }

  /** Hands a piece over and waits for what became of it. */
  async see(piece: Uint8Array): Promise<Uint8Array> {
    // The piece may lie in memory that others use too, so a copy goes.
    const bytes = new Uint8Array(piece);
    this.#underWay += piece.length;
    const reply = await bench.ask(this.#id, { type: "piece", bytes }, [bytes.buffer]);
    this.#underWay -= piece.length;
    if (reply.type === "made" && reply.soFar) this.soFar = reply.soFar;
    return reply.type === "made" ? reply.bytes : new Uint8Array(0);
  }

  async save(): Promise<Uint8Array> {
    const reply = await bench.ask(this.#id, { type: "save" });
    if (reply.type !== "saved") throw lost();
    this.soFar = reply.soFar;
    return reply.bytes;
  }

  async finish<Report>(): Promise<{ made: Uint8Array; report: Report }> {
    const reply = await bench.ask(this.#id, { type: "finish" });
    bench.close(this.#id);
    if (this.#failed) throw this.#failed;
    if (reply.type !== "finished") throw lost();
    return { made: reply.bytes, report: reply.report as Report };
  }

  /** Ends it without a result; harmless after `finish`. */
  drop(): void {
    try {
      bench.tell(this.#id, { type: "drop" });
    } catch {
      // The worker was lost and has forgotten it already.
    }
    bench.close(this.#id);
  }
}
