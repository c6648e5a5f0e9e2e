import { log } from "#lib/core/log.ts";
import { unknownFinishes } from "#lib/core/metrics.ts";
import type { FinishReason } from "#lib/engine/port/port.ts";

/** The words servers end an answer with, in lower case, by what they mean. */
const words: Record<FinishReason, readonly string[]> = {
  stop: [
    "stop",
    "stop_sequence",
    "stop_token",
    "stop_str",
    "eos",
    "eos_token",
    "eos_token_id",
    "end",
    "end_turn",
    "end_of_turn",
    "complete",
    "completed",
    "done",
    "finished",
  ],
  length: ["length", "max_tokens", "max_new_tokens", "max_output_tokens", "max_length", "token_limit", "limit"],
  model_length: ["model_length", "model_context_window_exceeded", "context_length_exceeded"],
  tool_calls: ["tool_calls", "tool_call", "tool_use", "function_call", "function_calls"],
  content_filter: [
    "content_filter",
    "content_filtered",
    "safety",
    "refusal",
    "recitation",
    "blocklist",
    "prohibited_content",
    "sensitive",
    "guardrail_intervened",
    "moderation",
  ],
  error: ["error", "failed", "abort", "aborted", "cancelled", "canceled", "insufficient_system_resource"],
};

const reasons = new Map(
  Object.entries(words).flatMap(([reason, spelled]) => spelled.map((word) => [word, reason as FinishReason] as const)),
);

/** What an end means to the port: no word for it is a plain end, and so is one that is not known, which is counted. */
export function finishOf(given: unknown, hasCalls: boolean, upstream: string): FinishReason {
  const reason = known(given, upstream);
  if (hasCalls && reason === "stop") return "tool_calls";
  return !hasCalls && reason === "tool_calls" ? "stop" : reason;
}

function known(given: unknown, upstream: string): FinishReason {
  const word = typeof given === "string" ? given.trim().toLowerCase() : "";
  if (word === "") return "stop";
  const reason = reasons.get(word.replaceAll(/[\s-]+/g, "_"));
  if (reason) return reason;
  unknownFinishes.inc({ upstream });
  log("engine.upstream.unknown_finish", { upstream, reason: word.slice(0, 40) });
  return "stop";
}
