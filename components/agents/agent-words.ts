import type { Tone } from "#components/ui/notice.tsx";
import type { AgentSummary } from "#lib/domain/agents/view.ts";

/** Whether it answers, and whether something newer is being worked on. */
export function stateOf({ version, hasDraft }: Pick<AgentSummary, "version" | "hasDraft">): {
  tone: Tone;
  words: string;
} {
  if (version === null) return { tone: "neutral", words: "Draft" };
  if (hasDraft) return { tone: "info", words: `Version ${version}, draft beside it` };
  return { tone: "good", words: `Version ${version}` };
}

/** "2 versions", "1 alias". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
