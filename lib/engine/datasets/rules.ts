/** What one line, one message and one file can have. */
export const lineBytesMost = 4 * 1024 * 1024;
export const linesMost = 10_000_000;
export const contextTokens = 2048;
/** How many problems a report names; the rest are counted. */
export const problemsMost = 10_000;
/** A broken line is not described without end. */
export const problemsOfLineMost = 20;

export type Kind = "instruct" | "pretrain" | "batch_request";
export type Purpose = "fine-tune" | "batch";

type Rule = {
  /** The group it belongs to in the published order. */
  group: "file" | "json" | "conversation" | "message" | "tool" | "tokens" | "warning";
  isWarning?: true;
  title: string;
  /** What to do by hand. */
  mend: string;
  /** What reformatting does about it; absent where only people can. */
  reformat?: string;
};

/** The rules of a data set, in the published order. */
export const rules = {
  F1: { group: "file", title: "The name ends in .jsonl", mend: "Rename the file." },
  F2: { group: "file", title: "At most 512 MiB", mend: "Split the file." },
  F3: { group: "file", title: "At least one line", mend: "Write one JSON object a line." },
  F4: {
    group: "file",
    title: "Text in UTF-8",
    mend: "Unpack the file, or save it as UTF-8.",
    reformat: "drops a byte order mark",
  },
  F5: { group: "file", title: "Lines of at most 4 MiB", mend: "Shorten the line." },
  F6: {
    group: "file",
    title: "One object a line",
    mend: "Write each object on a line of its own.",
    reformat: "writes one object a line",
  },
  F7: { group: "file", title: "Lines of one kind", mend: "Make two files." },
  F8: { group: "file", title: "At most 10,000,000 lines", mend: "Split the file." },
  J1: { group: "json", title: "Each line is JSON", mend: "Quote names, close what is open, remove stray commas." },
  J2: { group: "json", title: "Each line is an object", mend: "Write an object in braces." },
  C1: {
    group: "conversation",
    title: "One of messages, interactions and text",
    mend: "Keep one of them.",
    reformat: "renames conversations",
  },
  C2: {
    group: "conversation",
    title: "A conversation has messages",
    mend: "Write its messages.",
    reformat: "drops the line",
  },
  C3: {
    group: "conversation",
    title: "There is an answer to learn from",
    mend: "Add an assistant message of weight 1.",
    reformat: "drops the line",
  },
  C4: {
    group: "conversation",
    title: "At most one system message",
    mend: "Make one message of them.",
    reformat: "joins neighbouring ones",
  },
  C5: { group: "conversation", title: "Roles follow each other as they may", mend: "Put the messages in order." },
  C6: {
    group: "conversation",
    title: "The last message is the assistant's",
    mend: "End with an answer.",
    reformat: "cuts what follows the last answer",
  },
  C7: {
    group: "conversation",
    title: "One of tools and available_tools",
    mend: "Keep one of them.",
    reformat: "keeps the one that is filled",
  },
  C8: {
    group: "conversation",
    title: "Tools have name, description and parameters",
    mend: "Complete the tool; its parameters are a JSON Schema.",
  },
  M1: {
    group: "message",
    title: "Each message has a role that is known",
    mend: "Use system, user, assistant or tool.",
    reformat: "renames from, value, human, gpt and bot",
  },
  M2: { group: "message", title: "One of content and text", mend: "Keep one of them." },
  M3: { group: "message", title: "Content is text", mend: "Write it as text.", reformat: "joins chunks of text" },
  M4: {
    group: "message",
    title: "An answer has content or calls tools",
    mend: "Give one of the two.",
    reformat: "drops empty content",
  },
  M5: {
    group: "message",
    title: "A weight is 0 or 1, on an answer",
    mend: "Write 0 or 1 on assistant messages.",
    reformat: "makes it 1 above 0, and removes it elsewhere",
  },
  T1: {
    group: "tool",
    title: "Calls have an id of 9 signs and a name",
    mend: "Use 9 letters or digits.",
    reformat: "makes ids, and their answers follow",
  },
  T2: {
    group: "tool",
    title: "Arguments are a string of JSON",
    mend: "Write the object as a string.",
    reformat: "writes objects as strings",
  },
  T3: {
    group: "tool",
    title: "An answer names its call",
    mend: "Name the call in tool_call_id.",
    reformat: "fills the id where one call is open",
  },
  T4: { group: "tool", title: "As many answers as calls", mend: "Give one answer for each call." },
  K1: { group: "tokens", isWarning: true, title: "Fits the context", mend: "Split the conversation." },
  K2: { group: "tokens", title: "No answer is empty", mend: "Write the answer.", reformat: "drops the line" },
  W1: { group: "warning", isWarning: true, title: "No line twice", mend: "Keep one.", reformat: "drops repeats" },
  W2: { group: "warning", isWarning: true, title: "Not in the validation file", mend: "Take it out of one of them." },
  W3: { group: "warning", isWarning: true, title: "No API keys", mend: "Take it out, and revoke the key." },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

export const ruleOf = (id: RuleId): Rule => rules[id];

export type Problem = {
  /** Counted from 1; 0 where the file as a whole is meant. */
  line: number;
  /** Of the sign in the line, from 1. */
  column: number | null;
  rule: RuleId;
  /** Where in the object, such as `messages.3.content`. */
  path: string;
  /** What follows "Line 3: ". Of the content it quotes at most a role or a number. */
  message: string;
  mend: string;
};

export const isError = ({ rule }: Pick<Problem, "rule">): boolean => !ruleOf(rule).isWarning;

/** What a rule says about a place; the line is filled in by the one who reads lines. */
export type Report = (rule: RuleId, path: string, message: string) => void;

/** The word people use for what a JSON value is. */
export function kindOfValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const words: Record<string, string> = {
    undefined: "missing",
    string: "a text",
    number: "a number",
    boolean: "true or false",
    object: "an object",
  };
  return words[typeof value] ?? "unknown";
}

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A key whose value is null is as good as absent: several libraries write all keys they know. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
