import { AppError } from "#lib/core/errors.ts";
import type { ChatRequest, Tool } from "#lib/engine/port/port.ts";
import { wordsOf } from "./cues.ts";
import type { Voice } from "./json/voice.ts";

const common = new Set(
  wordsOf(
    "a an the this that of for in on at to from with by and or not is are be do does get set find give show tell me you your it its what which who how when where can use return returns current given name list make create new function tool call please want would like need about any some all information",
  ),
);

/**
 * The tool to call, if any. Where the customer leaves it open, a tool is called only when the question shares a
 * distinctive word with its name, or two with its description: this model cannot judge more than words.
 */
export function* chooseTool(request: ChatRequest, question: string, voice: Voice): Generator<null, Tool | undefined> {
  const { tools, toolChoice, messages } = request;
  if (toolChoice === "none" || tools.length === 0) return undefined;
  if (typeof toolChoice === "object") return toolNamed(tools, toolChoice.name);
  const asked = new Set(wordsOf(question).filter((word) => !common.has(word)));
  const fits = tools.map((tool) => fitOf(tool, asked));
  const best = Math.max(...fits);
  if (best >= 2 && !(toolChoice === "auto" && messages.at(-1)?.role === "tool")) return tools[fits.indexOf(best)];
  if (toolChoice === "auto") return undefined;
  return tools[
    yield* voice.pick(
      tools.map((tool) => spaced(tool.function.name)),
      question,
    )
  ];
}

function toolNamed(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((candidate) => candidate.function.name === name);
  if (tool) return tool;
  throw new AppError("invalid", `tool_choice names "${name}", which is not among the tools.`);
}

/** Words shared with the question; one of the name weighs as much as two of the description. */
function fitOf({ function: { name, description = "" } }: Tool, asked: ReadonlySet<number>): number {
  const shared = (text: string): number => new Set(wordsOf(text).filter((word) => asked.has(word))).size;
  return shared(spaced(name)) * 2 + shared(description);
}

const spaced = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ");
