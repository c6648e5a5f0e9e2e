import { z } from "zod";
import { messages } from "./messages.ts";
import { bodyOf, ignored, passedOn, refused, translated, used } from "./parameters.ts";
import { functionChoice, functionShape, responseFormat, tool, toolChoice } from "./tools.ts";

const text = z.string();
const json = z.record(z.string(), z.unknown());

/** Servers write "none" as -1 where a count is asked for. */
const count = z
  .number()
  .int()
  .min(-1, "A whole number from 0, or -1 for none.")
  .transform((given) => (given === -1 ? null : given))
  .nullish();
const seed = z
  .number()
  .int()
  .transform((given) => (given === -1 ? null : given))
  .nullish();
/** Some servers refuse 0, which asks for the likeliest token alone. */
const smallestShare = 1e-6;
const share = z
  .number()
  .min(0)
  .max(1)
  .transform((given) => (given === 0 ? smallestShare : given))
  .nullish();
const any = z.unknown().optional();

const common = {
  model: used(z.string().min(1).max(256), "Which model answers, by its name or an alias."),
  user: used(text.nullish(), "The end user, as the request log names them."),
  safety_identifier: translated(text.nullish(), "Another name of `user`."),
  metadata: ignored(json.nullish(), "Not kept apart from the request; its `user_id` is another name of `user`."),
};

const sampling = {
  ...common,
  temperature: used(
    z.number().min(0).max(2).nullish(),
    "0 to 2; lowered to what the upstream takes where it declares that.",
  ),
  top_p: used(share, "0 to 1; 0 asks for the likeliest token alone."),
  max_tokens: used(count, "Most tokens of an answer; -1 is as good as none."),
  max_completion_tokens: translated(count, "Another name of `max_tokens`."),
  stream: used(z.boolean().nullish(), "Whether the answer comes as server-sent events."),
  stream_options: used(json.nullish(), "Taken; the usage always comes with the last piece."),
  stop: used(z.union([text, z.array(text).max(64)]).nullish(), "Texts that end an answer."),
  random_seed: used(seed, "The same seed gives the same answer, where the upstream can; -1 is as good as none."),
  seed: translated(seed, "Another name of `random_seed`."),
  presence_penalty: used(z.number().min(-2).max(2).nullish(), "-2 to 2."),
  frequency_penalty: used(z.number().min(-2).max(2).nullish(), "-2 to 2."),
  top_k: passedOn(z.number().nullish(), "How many tokens are considered.", -1, 0),
  min_p: passedOn(z.number().nullish(), "The least share of the likeliest token's chance.", 0),
  repetition_penalty: passedOn(z.number().nullish(), "Makes what was said less likely.", 1),
  logit_bias: passedOn(json.nullish(), "Makes tokens more or less likely.", {}),
  prompt_cache_key: passedOn(text.nullish(), "Which requests begin alike."),
  prompt_cache_retention: passedOn(any, "How long a prompt is cached."),
  service_tier: passedOn(text.nullish(), "Which tier answers; there is one here.", "auto", "default", "standard_only"),
  store: ignored(z.boolean().nullish(), "Answers are kept in the request log alone.", false),
};

const guided = ["guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs", "grammar"];

/** What `POST /v1/chat/completions` does with each field. */
export const chatParameters = {
  ...sampling,
  messages: used(messages, "The conversation. Fields of a message that are not known are dropped."),
  response_format: used(responseFormat.nullish(), "Text, JSON, or JSON of a schema."),
  tools: used(z.array(tool).max(128, "At most 128 tools.").nullish(), "Functions the model may call."),
  tool_choice: used(toolChoice.nullish(), "Whether, and which of them, it calls."),
  parallel_tool_calls: used(z.boolean().nullish(), "Whether it may call several at once."),
  functions: translated(z.array(functionShape).max(128, "At most 128 functions.").nullish(), "Becomes `tools`."),
  function_call: translated(functionChoice.nullish(), "Becomes `tool_choice`."),
  n: used(z.number().int().min(1).max(16, "At most 16 answers at once.").nullish(), "How many answers, up to 16."),
  safe_prompt: used(z.boolean().nullish(), "Puts a system prompt of ours before the conversation."),
  reasoning_effort: passedOn(text.nullish(), "How much the model thinks."),
  reasoning: {
    ...passedOn(z.looseObject({}).nullish(), "Its `effort` becomes `reasoning_effort`."),
    becomes: (value: unknown) => ({
      reasoning: value,
      reasoning_effort: typeof value === "object" && value && "effort" in value ? value.effort : undefined,
    }),
  },
  prompt_mode: passedOn(text.nullish(), "Which prompt the model is given to think by."),
  prediction: passedOn(json.nullish(), "What the answer will be like."),
  verbosity: passedOn(text.nullish(), "How much is said.", "medium"),
  chat_template_kwargs: passedOn(json.nullish(), "What the template of the conversation is given."),
  ...Object.fromEntries(guided.map((name) => [name, passedOn(any, "What an answer must look like.")])),
  top_logprobs: ignored(z.number().nullish(), "Log probabilities are not offered.", 0),
  modalities: refused("Answers are text; ask for no other modality.", ["text"], []),
  logprobs: refused("Log probabilities are not offered.", false),
  audio: refused("Spoken answers are not offered."),
  web_search_options: refused("Searching the web is not offered."),
  guardrails: refused("Guardrails are not offered; leave the field out.", []),
};

export const chatInput = bodyOf(chatParameters);
export type ChatInput = z.output<typeof chatInput>;

/** What `POST /v1/fim/completions` does with each field. */
export const fimParameters = {
  ...sampling,
  prompt: used(text, "What stands before the gap."),
  suffix: used(text.nullish(), "What stands behind it."),
  min_tokens: used(count, "Fewest tokens of an answer."),
};

export const fimInput = bodyOf(fimParameters);
export type FimInput = z.output<typeof fimInput>;

const tokens = z.array(z.number().int().min(0)).min(1).max(100_000);
/** One text or several, or the tokens of one or of several. */
const texts = (most: number) =>
  z.union([
    text,
    z.array(text).min(1, "At least one text is needed.").max(most, `At most ${most} texts at once.`),
    tokens,
    z.array(tokens).min(1, "At least one text is needed.").max(most, `At most ${most} texts at once.`),
  ]);
export type Texts = z.output<ReturnType<typeof texts>>;
const mostCompletions = 128;

/** What `POST /v1/completions` does with each field. */
export const completionParameters = {
  ...sampling,
  prompt: used(texts(mostCompletions), "What is gone on with; lists of tokens where the upstream takes them."),
  suffix: used(text.nullish(), "What comes behind; for models that fill gaps."),
  n: used(z.number().int().min(1).max(16, "At most 16 answers at once.").nullish(), "How many answers to each prompt."),
  echo: used(z.boolean().nullish(), "Whether an answer begins with its prompt."),
  min_tokens: used(count, "Fewest tokens of an answer."),
  best_of: refused("All answers that are made are given; ask for them with n.", 1),
  logprobs: refused("Log probabilities are not offered.", 0, false),
};

export const completionInput = bodyOf(completionParameters);
export type CompletionInput = z.output<typeof completionInput>;

/** What `POST /v1/moderations` does with each field. */
export const moderationParameters = {
  ...common,
  model: used(z.string().min(1).max(256).nullish(), "Which model judges; any that does when not given."),
  input: used(
    z.union([
      text,
      z.array(text).min(1, "At least one text is needed.").max(256, "At most 256 texts at once."),
      z
        .array(z.object({ type: z.literal("text", "Only texts are judged."), text }))
        .min(1)
        .max(256),
    ]),
    "The texts.",
  ),
};

export const moderationInput = bodyOf(moderationParameters);
export type ModerationInput = z.output<typeof moderationInput>;

/** What `POST /v1/chat/moderations` does with each field. */
export const chatModerationParameters = {
  ...moderationParameters,
  input: used(z.union([messages, z.array(messages).min(1).max(256)]), "One conversation, or several."),
};

export const chatModerationInput = bodyOf(chatModerationParameters);
export type ChatModerationInput = z.output<typeof chatModerationInput>;

const embedded = texts(2048);
const size = z.number().int().min(1).max(4096).nullish();

/** What `POST /v1/embeddings` does with each field. */
export const embeddingParameters = {
  ...common,
  input: used(embedded.nullish(), "The texts; lists of tokens where the upstream declares that it takes them."),
  inputs: translated(embedded.nullish(), "An older name of `input`."),
  encoding_format: used(z.enum(["float", "base64"]).nullish(), "How a vector is written."),
  output_dtype: refused("Vectors are floats; other types are not offered.", "float"),
  output_dimension: used(size, "How many numbers a vector has, where the model can choose."),
  dimensions: translated(size, "Another name of `output_dimension`."),
};

export const embeddingInput = bodyOf(embeddingParameters).refine(
  (given) => (given.input == null) !== (given.inputs == null),
  { path: ["input"], message: "Send the texts in input, once." },
);
export type EmbeddingInput = z.output<typeof embeddingInput>;
