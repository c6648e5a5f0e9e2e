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
import { TunedSources } from "./tuned-sources.ts";

export type TinyEngineConfig = {
  /** The bundle of worker.ts. */
  workerFile: string;
  /** Where the trained weights are kept. */
  cacheDir: string;
  /** How much of tuned models the worker holds; those used longest ago are fetched again. */
  tunedBytes: number;
};

/** `tiny-chat-1` and `tiny-embed-1`, in a worker thread that trains or loads them when this is called. */
export function createTinyEngine({ workerFile, cacheDir, tunedBytes }: TinyEngineConfig): Engine {
  const link = openLink(workerFile, { cacheDir, tunedBytes }, ({ tuned }) => void sources.fetch(tuned));
  const sources = new TunedSources(link.deliver);
  let vocabulary: Vocabulary | undefined;

  const begin = (request: CompletionRequest, streamed: boolean, cancellation: Cancellation): DeltaQueue => {
    cancellation.throwIfCancelled();
    const { tuned, ...plain } = readable(request);
    const release = tuned ? sources.hold(tuned) : () => undefined;
    const leave = (): void => {
      release();
      sent.drop();
    };
    const fail = (error: AppError): void => {
      release();
      queue.fail(error);
    };
    const queue = createDeltaQueue(leave);
    const hear = (report: Report): void => {
      release();
      if (report.type === "deltas") queue.push(report.deltas, report.usage);
      if (report.type === "done") queue.end(report.usage);
      if (report.type === "failed") queue.fail(errorOf(report));
    };
    const name = tuned && { id: tuned.id, sha256: tuned.sha256 };
    const sent = link.send({ type: "complete", request: plain, tuned: name, streamed }, { hear, fail });
    cancellation.listen(() => {
      leave();
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
    forget: (tunedId) => link.deliver({ type: "forget", tunedId }),
    close: () => link.close(),
  };
}

const readable = (request: CompletionRequest): CompletionRequest =>
  request.kind === "chat" ? { ...request, messages: readAll(request.messages) } : request;

const errorOf = ({ problem, message, code }: Extract<Report, { type: "failed" }>): AppError =>
  new AppError(problem, message, { code });
