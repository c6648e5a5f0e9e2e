import { AppError } from "#lib/core/errors.ts";
import type { ChatInput } from "#lib/engine/port/input.ts";
import type { ChatRequest, Tool } from "#lib/engine/port/port.ts";
import type { ToolChoice } from "#lib/engine/port/tools.ts";

type Asked = Pick<ChatRequest, "tools" | "toolChoice">;

/** The tools of a request and the choice between them, in whichever spelling they came. */
export function toolsAsked(input: ChatInput): Asked {
  const called = [...(input.tools ?? []).map((tool) => tool.function), ...(input.functions ?? [])];
  return chosen(called.map(toolOf), input.tool_choice ?? olderChoice(input.function_call));
}

const toolOf = ({ name, description, parameters, strict }: NonNullable<ChatInput["functions"]>[number]): Tool => ({
  type: "function",
  function: {
    name,
    description: description ?? undefined,
    parameters: parameters ?? undefined,
    strict: strict ?? undefined,
  },
});

function olderChoice(choice: ChatInput["function_call"]): ToolChoice | null | undefined {
  return typeof choice === "object" && choice ? { function: choice } : choice;
}

function chosen(tools: Tool[], choice: ToolChoice | null | undefined): Asked {
  if (!choice) return { tools, toolChoice: "auto" };
  if (typeof choice === "string") return { tools, toolChoice: modeOf(choice, tools) };
  if ("allowed_tools" in choice) {
    const { mode, tools: named } = choice.allowed_tools;
    const allowed = named.map(({ function: { name } }) => toolNamed(name, tools));
    return { tools: allowed, toolChoice: modeOf(mode ?? "auto", allowed) };
  }
  if ("function" in choice || "name" in choice) {
    const { name } = "function" in choice ? choice.function : choice;
    return { tools, toolChoice: { name: toolNamed(name, tools).function.name } };
  }
  return { tools, toolChoice: modeOf(choice.type, tools) };
}

function modeOf(mode: Extract<ToolChoice, string>, tools: Tool[]): Asked["toolChoice"] {
  if (mode === "auto" || mode === "none") return mode;
  if (tools.length > 0) return "any";
  throw new AppError("invalid", "tool_choice asks for a tool, but tools is empty.", {
    fields: { tool_choice: ["No tools."] },
  });
}

function toolNamed(name: string, tools: Tool[]): Tool {
  const tool = tools.find((one) => one.function.name === name);
  if (tool) return tool;
  throw new AppError("invalid", `tool_choice names ${name}, which is not among the tools.`, {
    fields: { tool_choice: ["Unknown tool."] },
  });
}
