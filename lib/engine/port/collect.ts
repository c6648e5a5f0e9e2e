import type { Choice, Completion, CompletionStream, Delta, EngineUsage } from "./port.ts";

/** Puts deltas together to whole choices. */
export function createCollector(): { add(delta: Delta): void; completion(usage: EngineUsage): Completion } {
  const choices = new Map<number, Choice>();
  return {
    add(delta) {
      const choice = choices.get(delta.index) ?? emptyChoice(delta.index);
      choices.set(delta.index, choice);
      add(choice, delta);
    },
    completion(usage) {
      const inOrder = [...choices.values()].sort((a, b) => a.index - b.index);
      for (const { message } of inOrder) if (!message.tool_calls) message.content ??= "";
      return { choices: inOrder, usage };
    },
  };
}

/** The whole answer that deltas make. */
export function collected(deltas: readonly Delta[], usage: EngineUsage): Completion {
  const collector = createCollector();
  for (const delta of deltas) collector.add(delta);
  return collector.completion(usage);
}

/** The whole answer of a stream. */
export async function collect(stream: CompletionStream): Promise<Completion> {
  const collector = createCollector();
  for await (const delta of stream) collector.add(delta);
  return collector.completion(stream.usage());
}

function add(choice: Choice, { content, reasoning, toolCalls, finish }: Delta): void {
  const { message } = choice;
  if (reasoning !== undefined) message.reasoning = (message.reasoning ?? "") + reasoning;
  if (content !== undefined) message.content = (message.content ?? "") + content;
  if (toolCalls) message.tool_calls = [...(message.tool_calls ?? []), ...toolCalls];
  if (finish) choice.finish_reason = finish;
}

const emptyChoice = (index: number): Choice => ({
  index,
  message: { role: "assistant", content: null, tool_calls: null, prefix: false },
  finish_reason: "stop",
});
