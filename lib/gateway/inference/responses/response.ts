import type { Id } from "#db/id.ts";
import type { EngineUsage, FinishReason } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { ResponseInput } from "./input.ts";
import type { OutputItem } from "./output.ts";

export type ResponseId = Id<"response">;

/** What of a response is known before its answer: what was asked, as it was understood. */
export function askedOnWire(id: ResponseId, request: AuthenticatedRequest, input: ResponseInput, isKept: boolean) {
  const { reasoning, text } = input;
  return {
    id,
    object: "response" as const,
    created_at: request.created,
    model: request.requestedModel,
    background: false,
    ...given(input),
    metadata: input.metadata ?? {},
    parallel_tool_calls: input.parallel_tool_calls ?? true,
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    service_tier: "default",
    store: isKept,
    text: { format: text?.format ?? { type: "text" as const }, verbosity: text?.verbosity ?? "medium" },
    tool_choice: input.tool_choice ?? "auto",
    tools: (input.tools ?? []).map(toolOnWire),
    top_logprobs: 0,
    truncation: "disabled",
  };
}

/** Clients expect every field of a function. */
const toolOnWire = (tool: NonNullable<ResponseInput["tools"]>[number]) => {
  if (tool.type !== "function") return tool;
  const { description = null, parameters = null, strict = null } = tool;
  return { ...tool, description, parameters, strict };
};

const echoed = [
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "previous_response_id",
  "prompt_cache_key",
  "safety_identifier",
  "temperature",
  "top_p",
  "user",
] as const;

/** What is given back as it came. */
const given = (input: ResponseInput) =>
  Object.fromEntries(echoed.map((name) => [name, input[name] ?? null])) as {
    [name in (typeof echoed)[number]]: NonNullable<ResponseInput[name]> | null;
  };

type Asked = ReturnType<typeof askedOnWire>;

type Status = "in_progress" | "completed" | "incomplete" | "failed";
type Problem = { code: string; message: string };

/** A response as programs see it, whole or while it is being made. */
export type ResponseOnWire = Asked & {
  status: Status;
  error: Problem | null;
  incomplete_details: { reason: string } | null;
  completed_at: number | null;
  output: readonly OutputItem[];
  usage: ReturnType<typeof usageOnWire> | null;
};

export const begun = (asked: Asked): ResponseOnWire => ({
  ...asked,
  status: "in_progress",
  error: null,
  incomplete_details: null,
  completed_at: null,
  output: [],
  usage: null,
});

type Ended = { output: readonly OutputItem[]; finish: FinishReason | null; usage: EngineUsage; at: Date };

export function ended(asked: Asked, { output, finish, usage, at }: Ended): ResponseOnWire {
  if (finish === "error") return failed(asked, output, usage, { code: "server_error", message: unusable });
  const reason = finish === null ? undefined : reasons[finish];
  return {
    ...begun(asked),
    status: reason ? "incomplete" : "completed",
    incomplete_details: reason ? { reason } : null,
    completed_at: Math.floor(at.getTime() / 1000),
    output,
    usage: usageOnWire(usage),
  };
}

export const failed = (
  asked: Asked,
  output: readonly OutputItem[],
  usage: EngineUsage,
  error: Problem,
): ResponseOnWire => ({ ...begun(asked), status: "failed", error, output, usage: usageOnWire(usage) });

const unusable = "The model's answer is not what was asked for. Ask again.";

/** Why an answer ends before it is whole. */
const reasons: Partial<Record<FinishReason, string>> = {
  length: "max_output_tokens",
  model_length: "max_output_tokens",
  content_filter: "content_filter",
};

/** Engines do not tell apart how many tokens were thought. */
const usageOnWire = ({ promptTokens, cachedTokens, completionTokens }: EngineUsage) => ({
  input_tokens: promptTokens,
  input_tokens_details: { cached_tokens: cachedTokens },
  output_tokens: completionTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: promptTokens + completionTokens,
});
