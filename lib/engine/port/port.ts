import type { Cancellation } from "./cancellation.ts";

/** What inference looks like to the rest of the house, whichever engine answers. Shapes are those of the wire. */

export type ToolCall = { id: string; type: "function"; index: number; function: { name: string; arguments: string } };

/** A content chunk other than text is refused before an engine sees it, unless the model takes it. */
export type ContentChunk = { type: string; text?: string | undefined; [field: string]: unknown };

export type Message = {
  role: "system" | "user" | "assistant" | "tool";
  content?: string | ContentChunk[] | null | undefined;
  tool_calls?:
    | { id?: string | undefined; function: { name: string; arguments: string | Record<string, unknown> } }[]
    | null
    | undefined;
  tool_call_id?: string | null | undefined;
  name?: string | null | undefined;
  /** An assistant message the answer must continue. */
  prefix?: boolean | undefined;
  /** What an assistant thought before it answered. */
  reasoning_content?: string | undefined;
};

export type Tool = {
  type: "function";
  function: {
    name: string;
    description?: string | undefined;
    parameters?: Record<string, unknown> | undefined;
    strict?: boolean | undefined;
  };
};

export type ResponseFormat =
  | { type: "text" }
  | { type: "json_object" }
  | {
      type: "json_schema";
      json_schema: {
        name: string;
        schema: Record<string, unknown>;
        strict?: boolean | undefined;
        description?: string | null | undefined;
      };
    };

export type Sampling = {
  temperature?: number | undefined;
  topP?: number | undefined;
  maxTokens?: number | undefined;
  minTokens?: number | undefined;
  stop: string[];
  seed?: number | undefined;
  presencePenalty?: number | undefined;
  frequencyPenalty?: number | undefined;
};

/** The most tokens a request can take, whatever an engine counts: nothing beyond it is metered. */
export type Bounds = { promptTokens: number; completionTokens: number };

/** Weights that were trained on top of a base model; they are fetched when an engine does not have them. */
export type TunedWeights = { id: string; sha256: string; open: () => Promise<Uint8Array> };

/** What a tuned model adds to a request: weights of its own, or a name of its own at the server that trained it. */
export type Tuned = { tuned?: TunedWeights | undefined; upstreamName?: string | undefined };

export type ChatRequest = Tuned & {
  kind: "chat";
  /** The model's name at the engine. */
  model: string;
  messages: Message[];
  sampling: Sampling;
  n: number;
  tools: Tool[];
  toolChoice: "auto" | "none" | "any" | { name: string };
  parallelToolCalls: boolean;
  responseFormat: ResponseFormat;
  /** Fields an engine may pass on when it knows them, as the customer sent them. */
  extras: Record<string, unknown>;
  /** What is to answer on top of the model named; for the embedded engine alone. */
  tuned?: TunedWeights | undefined;
  bounds: Bounds;
};

export type FimRequest = Tuned & {
  kind: "fim";
  model: string;
  prompt: string;
  suffix: string;
  /** The prompt as tokens, for an engine that takes them; `prompt` is empty then. */
  tokens?: number[] | undefined;
  sampling: Sampling;
  extras?: Record<string, unknown> | undefined;
  tuned?: TunedWeights | undefined;
  bounds: Bounds;
};

export type CompletionRequest = ChatRequest | FimRequest;

export type FinishReason = "stop" | "length" | "model_length" | "error" | "tool_calls" | "content_filter";

export type EngineUsage = {
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  /** Set where the engine did not tell, or told what cannot be, and a count was made from what was sent and received. */
  estimated?: boolean | undefined;
};

export type Choice = {
  index: number;
  message: {
    role: "assistant";
    content: string | null;
    /** What was thought before, where the model tells. */
    reasoning?: string | undefined;
    tool_calls: ToolCall[] | null;
    prefix: false;
  };
  finish_reason: FinishReason;
};

export type Completion = { choices: Choice[]; usage: EngineUsage };

/** A part of a call that is still being written: id and name come with the first part of it. */
export type CallPiece = { index: number; id?: string; name?: string; arguments: string };

/** One step of a stream. Every choice ends with one delta that has a finish reason. */
export type Delta = {
  index: number;
  content?: string | undefined;
  reasoning?: string | undefined;
  /** A preview of calls as they are written. */
  pieces?: CallPiece[] | undefined;
  /** The calls, whole, whether there was a preview or not. */
  toolCalls?: ToolCall[] | undefined;
  finish: FinishReason | null;
};

/** Deltas, then the usage; `usage()` tells at any moment what was produced so far, exact once the stream has ended. */
export type CompletionStream = AsyncIterable<Delta> & { usage(): EngineUsage };

export type EmbeddingRequest = {
  model: string;
  inputs: string[];
  /** Lists of tokens in place of the texts, for an engine that takes them. */
  tokens?: number[][] | undefined;
  dimensions?: number | undefined;
  extras?: Record<string, unknown> | undefined;
  bounds: Bounds;
};
export type Embeddings = { vectors: number[][]; promptTokens: number; estimated?: boolean | undefined };

export type ModerationRequest = { model: string; inputs: string[]; bounds: Bounds };
export type Verdict = { categories: Record<string, boolean>; scores: Record<string, number> };
export type Moderations = { verdicts: Verdict[]; promptTokens: number; estimated?: boolean | undefined };

/**
 * An engine throws `AppError("unavailable", …)` when it cannot answer and `AppError("invalid", …)` when the request
 * is one it refuses; it never passes on what an upstream wrote in a 5xx. Cancelling stops the work.
 */
export interface Engine {
  /** Names of the extras it passes on; none when not given. */
  takes?: ReadonlySet<string> | undefined;
  /** Whether it reads lists of tokens as well as texts. */
  takesTokens?: boolean | undefined;
  complete(request: CompletionRequest, cancellation: Cancellation): Promise<Completion>;
  /**
   * Resolves with the first delta, so that failing before it can still become an error answer, or when an answer has begun
   * and a second of silence has passed.
   */
  stream(request: CompletionRequest, cancellation: Cancellation): Promise<CompletionStream>;
  embed(request: EmbeddingRequest, cancellation: Cancellation): Promise<Embeddings>;
  /** Judges texts; not offered by every engine. */
  moderate?(request: ModerationRequest, cancellation: Cancellation): Promise<Moderations>;
  /** Tokens a text would count for, for checks before the work; exact for the embedded engine, an estimate else. */
  countTokens(text: string): number;
  /** Drops what it holds of a tuned model, or of all; answers that it is in go on to their end. */
  forget?(tunedId: string | null): void;
  close(): Promise<void>;
}
