/** A line of a data set, as lib/engine/datasets reads it. */
export type Material =
  | {
      messages: readonly {
        role: string;
        content: string;
        weight: number;
        toolCalls: readonly { name: string; arguments: string }[];
      }[];
      hasTools: boolean;
    }
  | { text: string };

/** What is learned at once: an answer, and the question before it. */
export type Lesson = {
  /** The last thing a person said; empty for plain text. */
  question: string;
  answer: string;
  /** Messages before the answer. */
  before: number;
  /** What it counts for. All lessons of a line together count for the whole line, once. */
  tokens: number;
  /** Whether it is longer than may be: its history begins later then, or its answer ends sooner. */
  isCut: boolean;
};

/** Tokens of a text, counted until there are `most` of them. */
export type CountTokens = (text: string, most: number) => number;

/** What a line teaches: each answer that counts, or the last one alone where tools are at hand. */
export function lessonsOf(material: Material, tokensMost: number, count: CountTokens): Lesson[] {
  if ("text" in material) {
    const tokens = 1 + count(material.text, tokensMost);
    return [
      {
        question: "",
        answer: material.text,
        before: 0,
        tokens: Math.min(tokens, tokensMost),
        isCut: tokens > tokensMost,
      },
    ];
  }
  const { messages, hasTools } = material;
  const lengths = messages.map(({ content, toolCalls }) =>
    toolCalls.reduce(
      (sum, call) => sum + count(call.name + call.arguments, tokensMost),
      1 + count(content, tokensMost),
    ),
  );
  const answers = learned(messages, hasTools);
  return answers.map((at, index) => {
    const end = index === answers.length - 1 ? messages.length : at + 1;
    const from = index === 0 ? 0 : (answers[index - 1] ?? 0) + 1;
    const tokens = lengths.slice(from, end).reduce((sum, length) => sum + length, 0);
    return {
      question: messages.slice(0, at).findLast(({ role }) => role === "user")?.content ?? "",
      answer: messages[at]?.content ?? "",
      before: at,
      tokens: Math.min(tokens, tokensMost),
      isCut: tokens > tokensMost,
    };
  });
}

type Messages = Extract<Material, { messages: unknown }>["messages"];

/** Calls of tools are not learned: this model finds its tools by their words. */
function learned(messages: Messages, hasTools: boolean): number[] {
  const answers = messages.flatMap(({ role, content, weight }, at) =>
    role === "assistant" && weight > 0 && content.trim() !== "" ? [at] : [],
  );
  if (!hasTools) return answers;
  return answers.filter((at) => at === messages.findLastIndex(({ role }) => role === "assistant"));
}
