import type { Problem } from "#lib/core/errors.ts";
import type { CompletionRequest, Delta, EmbeddingRequest, Embeddings, EngineUsage } from "#lib/engine/port/port.ts";
import type { TunedName } from "./tuning/shelf.ts";

/** What the main side asks of the worker. */
export type Order =
  | { type: "complete"; id: number; request: CompletionRequest; tuned?: TunedName | undefined; streamed: boolean }
  | { type: "embed"; id: number; request: EmbeddingRequest }
  | { type: "abort"; id: number };

/** What the main side says of tuned models; no report answers it alone. */
export type Delivery =
  | { type: "weights"; tuned: TunedName; bytes: Uint8Array<ArrayBuffer> }
  | { type: "no-weights"; tuned: TunedName; message: string }
  | { type: "forget"; tunedId: string | null };

/** The weights of a tuned model that is not held are needed for requests that wait. */
export type Need = { type: "need"; tuned: TunedName };

/** What the worker tells of an order; the reports of one turn travel in one message. */
export type Report =
  | { type: "deltas"; id: number; deltas: Delta[]; usage: EngineUsage }
  | { type: "done"; id: number; usage: EngineUsage }
  | { type: "embedded"; id: number; embeddings: Embeddings }
  | { type: "failed"; id: number; problem: Problem; message: string; code: string };

/** Given to the worker when it starts. */
export type WorkerSettings = { cacheDir: string; tunedBytes: number };
