import { AppError } from "#lib/core/errors.ts";
import { type Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import { collect } from "#lib/engine/port/collect.ts";
import { createDeltaQueue, type DeltaQueue } from "#lib/engine/port/delta-queue.ts";
import type { CompletionRequest, Embeddings, Engine } from "#lib/engine/port/port.ts";
import { readAll } from "#lib/engine/port/wire-message.ts";
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

  const begin = (request: CompletionRequest, streamed: boolean, cancellation: Cancellation): DeltaQueue => {
    cancellation.throwIfCancelled();
    const queue = createDeltaQueue(() => sent.drop());
    const hear = (report: Report): void => {
      if (report.type === "deltas") queue.push(report.deltas, report.usage);
      if (report.type === "done") queue.end(report.usage);
      if (report.type === "failed") queue.fail(errorOf(report));
    };
    const sent = link.send({ type: "complete", request: readable(request), streamed }, { hear, fail: queue.fail });
    cancellation.listen(() => {
      sent.drop();
      queue.fail(new Cancelled());
    });
    return queue;
  };

  return {
    async complete(request, cancellation) {
      return collect(begin(request, false, cancellation).stream);
    },
    async stream(request, cancellation) {
      const queue = begin(request, true, cancellation);
      await queue.ready();
      return queue.stream;
    },
    embed(request, cancellation) {
      cancellation.throwIfCancelled();
      return new Promise<Embeddings>((resolve, reject) => {
        const hear = (report: Report): void => {
          if (report.type === "embedded") resolve(report.embeddings);
          if (report.type === "failed") reject(errorOf(report));
        };
        const sent = link.send({ type: "embed", request }, { hear, fail: reject });
        cancellation.listen(() => {
          sent.drop();
          reject(new Cancelled());
        });
      });
    },
    countTokens(text) {
      vocabulary ??= baseVocabulary();
      return encode(vocabulary, text).length;
    },
    close: () => link.close(),
  };
}

const readable = (request: CompletionRequest): CompletionRequest =>
  request.kind === "chat" ? { ...request, messages: readAll(request.messages) } : request;

const errorOf = ({ problem, message, code }: Extract<Report, { type: "failed" }>): AppError =>
  new AppError(problem, message, { code });
