import type { Tone } from "#components/ui/notice.tsx";

export type AgentColor = "teal" | "blue" | "violet" | "pink" | "red" | "amber" | "green" | "slate";

export const colorWords: Record<AgentColor, string> = {
  teal: "Teal",
  blue: "Blue",
  violet: "Violet",
  pink: "Pink",
  red: "Red",
  amber: "Amber",
  green: "Green",
  slate: "Slate",
};

/** What the pages show of an agent. */
export type AgentFacts = {
  id: string;
  name: string;
  handle: string;
  color: AgentColor;
  /** Null: nothing is published yet. */
  version: number | null;
  hasDraft: boolean;
  visibility: "workspace" | "restricted";
};

/** Whether it answers, and whether something newer is being worked on. */
export function stateOf({ version, hasDraft }: Pick<AgentFacts, "version" | "hasDraft">): {
  tone: Tone;
  words: string;
} {
  if (version === null) return { tone: "neutral", words: "Draft" };
  if (hasDraft) return { tone: "info", words: `Version ${version}, draft beside it` };
  return { tone: "good", words: `Version ${version}` };
}

export const sharingWords: Record<AgentFacts["visibility"], string> = {
  workspace: "Whole workspace",
  restricted: "Restricted",
};

/** "2 versions", "1 alias". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
