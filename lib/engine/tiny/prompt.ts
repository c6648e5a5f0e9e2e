import { AppError } from "#lib/core/errors.ts";
import type { ChatRequest, FimRequest, Message } from "#lib/engine/port/port.ts";
import { copyTexts, encodeWithCopies, wordsToCopy } from "./copies.ts";
import { cuesOf } from "./cues.ts";
import type { Context, Model } from "./model.ts";
import { gapContext } from "./samples.ts";
import { encode, marks, type Vocabulary } from "./tokenizer.ts";

export const contextLength = 8192;

export type Prompt = {
  context: Context;
  promptTokens: number;
  /** The words the answer is about: the last thing a person said. */
  question: string;
  /** What the answer must begin with; part of the answer, not of its cost. */
  prefix: string;
};

export function chatPrompt(model: Model, { messages, tools }: ChatRequest): Prompt {
  const last = messages.at(-1);
  const prefix = last?.role === "assistant" && last.prefix === true ? textOf(last) : "";
  const texts = messages.map(textOf);
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const question = texts[asked >= 0 ? asked : texts.length - 1] ?? "";
  const words = model.copyBeyond ? wordsToCopy(question, model.vocabulary, model.copyBeyond) : [];
  const described = tools.length > 0 ? [JSON.stringify(tools)] : [];
  return {
    context: {
      cues: cuesOf(question, model.lexicon),
      tokens: [marks.assistant, ...encodeWithCopies(model.vocabulary, prefix, words)],
      copies: copyTexts(words),
    },
    promptTokens: countWithin(
      model.vocabulary,
      [...texts, ...messages.flatMap(callsOf), ...described],
      messages.length,
    ),
    question,
    prefix,
  };
}

export function gapPrompt({ vocabulary }: Model, { prompt, suffix }: FimRequest): Prompt {
  return {
    context: gapContext(vocabulary, prompt, suffix),
    promptTokens: countWithin(vocabulary, [prompt, suffix], 2),
    question: prompt,
    prefix: "",
  };
}

/** Text of a message; chunks other than text are refused. */
export function textOf({ content }: Message): string {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  return content
    .map((chunk) => {
      if (chunk.type === "text") return chunk.text ?? "";
      if (chunk.type === "thinking" || chunk.type === "reference") return "";
      throw new AppError("invalid", `tiny-chat-1 reads text only, not content of type "${chunk.type}".`);
    })
    .join("");
}

const callsOf = ({ tool_calls }: Message): string[] =>
  (tool_calls ?? []).map((call) => call.function.name + JSON.stringify(call.function.arguments));

/** Tokens of the texts and one for each mark between them. */
function countWithin(vocabulary: Vocabulary, texts: readonly string[], separators: number): number {
  // No token is longer than a dozen letters, a run of white space aside: such a text cannot fit, and reading it all
  // would keep the other requests waiting.
  const tokens = texts.reduce((sum, text) => sum + encode(vocabulary, text.slice(0, 200_000)).length, separators);
  if (tokens <= contextLength) return tokens;
  throw new AppError("invalid", `The prompt is longer than the ${contextLength} tokens tiny-chat-1 can read.`, {
    code: "context_length_exceeded",
  });
}

export const embeddingTokens = (vocabulary: Vocabulary, input: string): number => countWithin(vocabulary, [input], 0);
