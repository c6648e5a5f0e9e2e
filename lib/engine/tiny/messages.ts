import type { Problem } from "#lib/core/errors.ts";
import type { CompletionRequest, Delta, EmbeddingRequest, Embeddings, EngineUsage } from "#lib/engine/port/port.ts";

/** What the main side asks of the worker. */
export type Order =
  | { type: "complete"; id: number; request: CompletionRequest; streamed: boolean }
  | { type: "embed"; id: number; request: EmbeddingRequest }
  | { type: "abort"; id: number };

/** What the worker tells; the reports of one turn travel in one message. */
export type Report =
  | { type: "deltas"; id: number; deltas: Delta[]; usage: EngineUsage }
  | { type: "done"; id: number; usage: EngineUsage }
  | { type: "embedded"; id: number; embeddings: Embeddings }
  | { type: "failed"; id: number; problem: Problem; message: string; code: string };

/** Given to the worker when it starts. */
export type WorkerSettings = { cacheDir: string };
