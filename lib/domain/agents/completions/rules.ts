import type { Id } from "#db/id.ts";
import type { AgentContent, AgentTool } from "#db/schema/agents.ts";
import type { CompletionArgs } from "#lib/domain/agents/input.ts";
import type { ChatInput } from "#lib/engine/port/input.ts";

/** Which agent answers, as which of its versions; null: its draft, which only its builders ask. */
export type AskedAgent = { id: Id<"agent">; name: string; ownerId: Id<"user">; version: number | null };

/** Who answers: a model, with what an agent or the conversation says of how. */
export type Partner = {
  agent: AskedAgent | null;
  model: string;
  instructions: string | null;
  examples: AgentContent["examples"];
  tools: AgentTool[];
  args: CompletionArgs;
  handoffs: AgentContent["handoffs"];
};

export const partnerOf = (agent: AskedAgent, content: AgentContent): Partner => ({
  agent,
  model: content.model,
  instructions: content.instructions,
  examples: content.examples,
  tools: content.tools,
  args: content.completion_args as CompletionArgs,
  handoffs: content.handoffs,
});

type Said = ChatInput["messages"];

/** What stands before a conversation: the instructions, and the examples as if they had been said. */
export function preamble({ instructions, examples }: Partner): Said {
  const shown = examples.flatMap(
    ({ input, output }): Said => [
      { role: "user", content: input },
      { role: "assistant", content: output },
    ],
  );
  return instructions ? [{ role: "system", content: instructions }, ...shown] : shown;
}

/** Another agent to which one a conversation can be handed, and the function its model calls to do so. */
export type Target = { id: Id<"agent">; name: string; handle: string; description: string | null };

export const handoffFunction = ({ handle }: Target): string => `transfer_to_${handle.replaceAll("-", "_")}`;

const handoffTool = (target: Target): AgentTool => ({
  type: "function",
  function: {
    name: handoffFunction(target),
    description: `Hand the conversation over to ${target.name}${target.description ? `: ${target.description}` : ""}`,
    strict: false,
    parameters: { type: "object", properties: {}, required: [] },
  },
});

/** What a model is asked on behalf of a partner; what the request says itself goes before what the partner says. */
export function chatInputOf(
  partner: Partner,
  messages: Said,
  { targets = [], ...own }: Partial<ChatInput> & { targets?: readonly Target[] } = {},
): ChatInput {
  const { prediction, stop, tool_choice, response_format, ...args } = partner.args;
  const tools = [...partner.tools, ...(own.tools ?? []), ...targets.map(handoffTool)];
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined && value !== null));
  return {
    ...args,
    ...(stop ? { stop } : {}),
    ...(prediction ? { prediction } : {}),
    ...(tool_choice && tools.length > 0 ? { tool_choice } : {}),
    ...(response_format ? { response_format } : {}),
    ...said,
    model: partner.model,
    messages: [...preamble(partner), ...messages],
    ...(tools.length > 0 ? { tools } : {}),
  };
}

/** Bytes of what a model is asked: its tokens cannot be more. */
export const promptBytesOf = ({ messages, tools, response_format }: ChatInput): number =>
  Buffer.byteLength(JSON.stringify([messages, tools, response_format]));
