import type { ChatInput } from "#lib/engine/port/input.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { Choice, ResponseInput } from "./input.ts";
import { type KnownItem, messagesOf, wrong } from "./items.ts";
import { flatName, type Name } from "./names.ts";

type Tools = NonNullable<ResponseInput["tools"]>;

/** What is asked, as a chat. */
export function chatOf(input: ResponseInput, items: readonly KnownItem[], tools: Tools): ChatInput {
  const { model, user, safety_identifier, metadata, temperature, top_p, stream, parallel_tool_calls } = input;
  return {
    model,
    user,
    safety_identifier,
    metadata,
    temperature,
    top_p,
    stream,
    parallel_tool_calls,
    max_tokens: input.max_output_tokens,
    messages: messagesOf(items, input.instructions),
    tools: tools.length > 0 ? tools.map(toolOf) : undefined,
    tool_choice: input.tool_choice ? choiceOf(input.tool_choice) : undefined,
    response_format: formatOf(input),
  };
}

const toolOf = ({ name = "", description, parameters, strict }: Tools[number]) => ({
  type: "function" as const,
  function: { name, description, parameters, strict },
});

/** Codex adds tools of its provider's to every request, and works without them. */
const isCodex = ({ agent, incoming }: AuthenticatedRequest): boolean =>
  /^codex/i.test(agent) || String(incoming.headers.originator ?? "").startsWith("codex");

export type Functions = {
  /** Each under the one name that the model knows it by. */
  tools: Tools;
  /** What the client calls those in namespaces. */
  names: ReadonlyMap<string, Name>;
  /** Types of the tools that are left out. */
  left: string[];
};

/** The functions among the tools. Other tools are refused, but for those that a client cannot help sending. */
export function functionsOf(request: AuthenticatedRequest, given: Tools | null | undefined): Functions {
  const all = (given ?? []).flatMap(unpacked);
  const left = all.filter(({ type }) => type !== "function").map(({ type }) => type);
  const [first] = left;
  if (first !== undefined && !isCodex(request)) {
    throw wrong(`Tools of the type ${first} are not offered here; offer functions of your own.`, "tools");
  }
  const functions = all.filter(({ type }) => type === "function");
  const names = functions.flatMap(({ name, namespace }) =>
    namespace ? [[flatName({ name, namespace }), { name, namespace }] as const] : [],
  );
  return { tools: functions.map((one) => ({ ...one, name: flatName(one) })), names: new Map(names), left };
}

/** A tool, or those of a namespace. */
const unpacked = ({ type, name = "", tools = [], ...rest }: Tools[number]) =>
  type === "namespace"
    ? tools.map((inner) => ({ ...inner, name: inner.name ?? "", namespace: name }))
    : [{ ...rest, type, name, namespace: "" }];

function choiceOf(choice: Choice): ChatInput["tool_choice"] {
  if (typeof choice === "string") return choice;
  const { type, name, namespace, mode, tools = [] } = choice;
  if (type === "function" && name !== undefined) return { type, name: flatName({ name, namespace }) };
  if (type === "allowed_tools") {
    const named = tools.map((tool) => ({ function: { name: tool.name ?? tool.type } }));
    return { type, allowed_tools: { mode: mode ?? "auto", tools: named } };
  }
  throw wrong(`tool_choice names ${name ?? type}, and only functions can be chosen here.`, "tool_choice");
}

function formatOf({ text }: ResponseInput): ChatInput["response_format"] {
  const format = text?.format;
  if (format?.type !== "json_schema") return format ? { type: format.type } : undefined;
  const { name, schema, strict, description } = format;
  return { type: "json_schema", json_schema: { name: name ?? "answer", schema: schema ?? {}, strict, description } };
}
