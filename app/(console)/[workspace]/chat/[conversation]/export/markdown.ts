import { type AgentNames, makerWords } from "#components/chat/maker-words.ts";
import type { Entry } from "#lib/domain/conversations/rules.ts";

/** A conversation as a text to read: who said what, in order. */
export function markdownOf(title: string, entries: readonly Entry[], names: AgentNames): string {
  return `# ${oneLine(title)}\n\n${entries.map((entry) => partOf(entry, names)).join("\n\n")}\n`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

function partOf(entry: Entry, names: AgentNames): string {
  switch (entry.type) {
    case "message.input":
      return said(entry.role === "user" ? "You" : "Answer", textOf(entry.content));
    case "message.output":
      return said(makerOf(entry, names), textOf(entry.content));
    case "function.call":
      return said(`${makerOf(entry, names)} asks for ${entry.name}`, fenced(entry.arguments));
    case "function.result":
      return said("Result", fenced(entry.result));
    case "agent.handoff":
      return `_${entry.previous_agent_name} handed over to ${entry.next_agent_name}._`;
  }
}

const said = (who: string, text: string): string => `## ${oneLine(who)}\n\n${text}`;

type Made = Extract<Entry, { type: "message.output" | "function.call" }>;
const makerOf = ({ agent_id: agentId, agent_version: agentVersion, model }: Made, names: AgentNames): string =>
  makerWords({ agentId, agentVersion, model }, names) || "Answer";

const textOf = (content: string | readonly { text?: string | undefined }[]): string =>
  typeof content === "string" ? content : content.map(({ text = "" }) => text).join("");

/** A block that whatever is inside cannot end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
