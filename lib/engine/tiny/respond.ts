import type {
  ChatRequest,
  CompletionRequest,
  Delta,
  EngineUsage,
  FimRequest,
  FinishReason,
  Tool,
} from "#lib/engine/port/port.ts";
import { toolCallId } from "#lib/engine/port/tool-call-id.ts";
import type { JsonSchema } from "./json/schema.ts";
import { createVoice, type Voice } from "./json/voice.ts";
import { walkSchema } from "./json/walk.ts";
import { chatPrompt, contextLength, gapPrompt, type Prompt, textOf } from "./prompt.ts";
import { type Random, seeded } from "./random.ts";
import { answerTokens, type Sampler } from "./sampler.ts";
import { encode } from "./tokenizer.ts";
import { chooseTool } from "./tools.ts";
import { type Limits, write } from "./write.ts";

/** Small models may talk in circles; no one who gave no limit wants to pay for that. */
const defaultMaxTokens = 512;

type Steps = Generator<Delta | null>;

/** A request being answered: each step yields a delta, or null as a pause in which other requests move on. */
export type Response = { usage: EngineUsage; steps: Steps };

export function respond(sampler: Sampler, request: CompletionRequest, seed: number): Response {
  const prompt = request.kind === "chat" ? chatPrompt(sampler.model, request) : gapPrompt(sampler.model, request);
  const usage = { promptTokens: prompt.promptTokens, cachedTokens: 0, completionTokens: 0 };
  const count = request.kind === "chat" ? request.n : 1;
  const answers = Array.from({ length: count }, (_, index) => {
    const answer = { sampler, prompt, usage, index, random: seeded(seed + index * 7919) };
    return request.kind === "chat" ? chat(answer, request) : fillGap(answer, request);
  });
  return { usage, steps: inTurns(answers) };
}

type Answer = { sampler: Sampler; prompt: Prompt; usage: EngineUsage; index: number; random: Random };

function* inTurns(all: Steps[]): Steps {
  let open = all;
  while (open.length > 0) {
    const still: Steps[] = [];
    for (const steps of open) {
      const step = steps.next();
      if (step.done) continue;
      yield step.value;
      still.push(steps);
    }
    open = still;
  }
}

function* chat(answer: Answer, request: ChatRequest): Steps {
  const { sampler, prompt, random, index } = answer;
  const voice = createVoice(sampler, prompt.question, request.sampling, random);
  const tool = yield* chooseTool(request, prompt.question, voice);
  if (tool) return yield* callTool(answer, request, tool, voice);
  if (request.responseFormat.type !== "text") {
    const value = yield* walkSchema(schemaOf(request, prompt.question), voice);
    return yield* say(answer, request, encode(sampler.model.vocabulary, JSON.stringify(value)));
  }
  const last = request.messages.at(-1);
  if (last?.role === "tool") return yield* say(answer, request, encode(sampler.model.vocabulary, report(textOf(last))));
  if (prompt.prefix !== "") yield { index, content: prompt.prefix, finish: null };
  return yield* say(answer, request, answerTokens(sampler, contextOf(answer), request.sampling, random));
}

function* fillGap(answer: Answer, request: FimRequest): Steps {
  yield* say(answer, request, answerTokens(answer.sampler, contextOf(answer), request.sampling, answer.random));
}

/** Each choice writes on a copy of its own. */
const contextOf = ({ prompt: { context } }: Answer) => ({ ...context, tokens: [...context.tokens] });

/** The model has not learned to read a tool's answer, so it repeats what the tool said. */
const report = (answer: string): string =>
  answer === "" ? "The tool gave no answer." : `The tool answered: ${answer}`;

function limitsOf({ prompt }: Answer, { sampling }: CompletionRequest): Limits {
  return {
    maxTokens: sampling.maxTokens ?? defaultMaxTokens,
    windowLeft: contextLength - prompt.promptTokens,
    stop: sampling.stop,
    copies: prompt.context.copies,
  };
}

function* say(answer: Answer, request: CompletionRequest, tokens: Iterable<number>): Steps {
  const { index } = answer;
  const texts = write(answer.sampler.model.vocabulary, tokens, limitsOf(answer, request), answer.usage);
  let step = texts.next();
  for (; !step.done; step = texts.next()) yield step.value ? { index, content: step.value, finish: null } : null;
  yield { index, finish: step.value };
}

function* callTool(answer: Answer, request: ChatRequest, { function: called }: Tool, voice: Voice): Steps {
  const { sampler, index, random } = answer;
  const value = yield* walkSchema({ ...called.parameters, type: "object" }, voice);
  const text = JSON.stringify(value);
  const tokens = encode(sampler.model.vocabulary, called.name + text);
  const finish = yield* silently(
    write(sampler.model.vocabulary, tokens, { ...limitsOf(answer, request), stop: [] }, answer.usage),
  );
  if (finish !== "stop") return yield { index, finish };
  const call = {
    id: toolCallId(Array.from({ length: 9 }, () => Math.floor(random() * 62))),
    type: "function" as const,
    index: 0,
    function: { name: called.name, arguments: text },
  };
  yield { index, toolCalls: [call], finish: null };
  yield { index, finish: "tool_calls" };
}

/** Counts what is written without showing it: a call arrives whole or not at all. */
function* silently(texts: Generator<string | null, FinishReason>): Generator<null, FinishReason> {
  let step = texts.next();
  for (; !step.done; step = texts.next()) yield null;
  return step.value;
}

/** Without a schema an object is asked for: with the names the question quotes, or else with an answer. */
function schemaOf({ responseFormat }: ChatRequest, question: string): JsonSchema {
  if (responseFormat.type === "json_schema") return responseFormat.json_schema.schema;
  const quoted = [...question.slice(0, 4000).matchAll(/["'`]([A-Za-z_]\w{0,40})["'`]/g)].map(([, name = ""]) => name);
  const names = quoted.length > 0 ? [...new Set(quoted)].slice(0, 16) : ["answer"];
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string", description: "text" }]));
  return { type: "object", properties, required: names };
}
