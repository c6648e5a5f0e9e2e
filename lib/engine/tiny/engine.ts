import { collect } from "#lib/engine/collect.ts";
import { createDeltaQueue, type DeltaQueue } from "#lib/engine/delta-queue.ts";
import type { CompletionRequest, Embeddings, Engine } from "#lib/engine/port.ts";
import { AppError } from "#lib/errors.ts";
import { baseVocabulary } from "./base.ts";
import { openLink } from "./link.ts";
import type { Report } from "./messages.ts";
import { encode, type Vocabulary } from "./tokenizer.ts";

export type TinyEngineConfig = {
  /** The bundle of worker.ts. */
  workerFile: string;
  /** Where the trained weights are kept. */
  cacheDir: string;
};

/** `tiny-chat-1` and `tiny-embed-1`, in a worker thread that trains or loads them when this is called. */
export function createTinyEngine({ workerFile, cacheDir }: TinyEngineConfig): Engine {
  const link = openLink(workerFile, { cacheDir });
  let vocabulary: Vocabulary | undefined;

  const begin = (request: CompletionRequest, streamed: boolean, signal: AbortSignal): DeltaQueue => {
    signal.throwIfAborted();
    const abort = (): void => {
      sent.drop();
      queue.fail(signal.reason);
    };
    const over = (): void => signal.removeEventListener("abort", abort);
    const queue = createDeltaQueue(() => {
      over();
      sent.drop();
    });
    const hear = (report: Report): void => {
      if (report.type === "deltas") queue.push(report.deltas, report.usage);
      else over();
      if (report.type === "done") queue.end(report.usage);
      if (report.type === "failed") queue.fail(errorOf(report));
    };
    const fail = (error: AppError): void => {
      over();
      queue.fail(error);
    };
    const sent = link.send({ type: "complete", request, streamed }, { hear, fail });
    signal.addEventListener("abort", abort, { once: true });
    return queue;
  };

  return {
    async complete(request, signal) {
      return collect(begin(request, false, signal).stream);
    },
    async stream(request, signal) {
      const queue = begin(request, true, signal);
      await queue.ready();
      return queue.stream;
    },
    embed(request, signal) {
      signal.throwIfAborted();
      return new Promise<Embeddings>((resolve, reject) => {
        const hear = (report: Report): void => {
          if (report.type === "embedded") resolve(report.embeddings);
          if (report.type === "failed") reject(errorOf(report));
        };
        const sent = link.send({ type: "embed", request }, { hear, fail: reject });
        signal.addEventListener("abort", () => [sent.drop(), reject(signal.reason)], { once: true });
      });
    },
    countTokens(text) {
      vocabulary ??= baseVocabulary();
      return encode(vocabulary, text).length;
    },
    close: () => link.close(),
  };
}

const errorOf = ({ problem, message, code }: Extract<Report, { type: "failed" }>): AppError =>
  new AppError(problem, message, { code });
