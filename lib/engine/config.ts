import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Capabilities } from "#db/schema/models.ts";

const euros = z
  .number()
  .min(0)
  .transform((amount) => BigInt(Math.round(amount * 1_000_000)))
  .describe("Euros for a million tokens; micro-euros are the smallest step.");

/** In pico-euros; micro-euros are the smallest step here too. */
const wholeEuros = euros.transform((micros) => micros * 1_000_000n);

/** Sixteen answers of this length still fit a column of tokens. */
const longestContext = 100_000_000;

const capabilities = z.object({
  completion_chat: z.boolean().default(true),
  completion_fim: z.boolean().default(false),
  embeddings: z.boolean().default(false),
  function_calling: z.boolean().default(true),
  fine_tuning: z.boolean().default(false),
  vision: z.boolean().default(false),
  moderation: z.boolean().default(false),
  reasoning: z.boolean().default(false),
}) satisfies z.ZodType<Capabilities>;

const model = z.strictObject({
  id: z.string().min(1).max(200),
  upstreamModel: z.string().optional(),
  name: z.string().optional(),
  description: z.string().default(""),
  ownedBy: z.string().optional(),
  aliases: z.array(z.string()).default([]),
  capabilities: capabilities.prefault({}),
  maxContextLength: z.number().int().positive().max(longestContext).default(32_768),
  defaultTemperature: z.number().optional(),
  /** Without a price a model is listed nowhere and refused: no price, no request. */
  price: z
    .strictObject({
      input: euros,
      cachedInput: euros.optional(),
      output: euros,
      training: euros.optional().describe("Euros for a million trained tokens; without it the model cannot be tuned."),
      trainingMinimum: wholeEuros.optional().describe("Euros a job that succeeds costs at least."),
      storageMonth: wholeEuros.optional().describe("Euros a month for each tuned model."),
    })
    .optional(),
  /** Its server trains: `dialect` is the API that it has for it. */
  tuning: z
    .strictObject({
      trainer: z.literal("forward"),
      dialect: z.enum(["openai", "mistral"]),
      /** The learning rate that its multiplier is a multiple of; without it, the rate is the trainer's choice. */
      baseRate: z.number().positive().optional(),
    })
    .optional(),
});

/** Fields of an upstream's request that the port makes, so that no parameter takes their place. */
const ownFields = new Set([
  "model",
  "messages",
  "prompt",
  "suffix",
  "input",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "n",
  "best_of",
  "tools",
  "tool_choice",
  "functions",
  "function_call",
  "response_format",
  "encoding_format",
]);

/** Adapters that workers trained are laid into a folder and loaded by the server's own API. */
const deployer = z.strictObject({
  kind: z.literal("vllm"),
  folder: z.string().min(1).refine(path.isAbsolute, "Name the folder from the root on."),
  /** The same folder as the servers see it, where they see it elsewhere. */
  seenAs: z.string().min(1).refine(path.isAbsolute, "Name the folder from the root on.").optional(),
  /** The address of every server behind `url`, where that is not a server itself. */
  replicas: z.array(z.url()).min(1).max(64).optional(),
});

const upstream = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, "An upstream's id has lower-case letters, digits and dashes."),
  url: z.url(),
  /** The name of the environment variable that holds the credential, so that the file holds none. */
  apiKeyEnv: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  timeoutMs: z.number().int().min(1000).optional(),
  connections: z.number().int().min(1).max(4096).optional(),
  features: z
    .strictObject({
      n: z.boolean().optional(),
      streamOptions: z.boolean().optional(),
      tokenInputs: z.boolean().optional(),
      maxTemperature: z.number().min(0).optional(),
      parameters: z
        .array(z.string().refine((name) => !ownFields.has(name), "This field is always sent in the product's own way."))
        .optional(),
      reasoning: z.boolean().optional(),
    })
    .default({}),
  /** T-4.2.2.2-ZDR4: since when, and by which contract or setting, the server keeps nothing; without it, it does keep. */
  zdr: z.strictObject({ since: z.iso.date(), basis: z.string().trim().min(3).max(500) }).optional(),
  deployer: deployer.optional(),
  models: z.array(model).min(1),
});

const isUnique = (items: readonly { id: string }[]): boolean =>
  new Set(items.map(({ id }) => id)).size === items.length;

/** The same model at several upstreams stands in for itself; twice at one it would be two prices for one thing. */
const upstreams = z
  .array(upstream)
  .refine(isUnique, "Two upstreams have the same id.")
  .refine((all) => all.every(({ models }) => isUnique(models)), "An upstream names a model twice.");

export type UpstreamConfig = z.output<typeof upstream>;
export type ConfiguredModel = z.output<typeof model>;

/** The configured upstreams: `UPSTREAMS` is JSON, or the path of a file with it. */
export function upstreamsOf(value: string | undefined): UpstreamConfig[] {
  if (!value) return [];
  const parsed = upstreams.safeParse(writtenIn(value));
  if (!parsed.success) throw new Error(`UPSTREAMS: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The names, at their servers, of models that these train as well. */
export const trainedThere = (value: string | undefined): ReadonlySet<string> =>
  new Set(
    upstreamsOf(value).flatMap(({ models }) =>
      models.flatMap(({ id, upstreamModel = id, tuning }) => (tuning ? [upstreamModel] : [])),
    ),
  );

const writtenIn = (value: string): unknown =>
  JSON.parse(value.trimStart().startsWith("[") ? value : fs.readFileSync(value, "utf8"));

/** The configuration with one upstream alone, as it was written. */
export const upstreamAlone = (value: string | undefined, id: string): string =>
  JSON.stringify((writtenIn(value || "[]") as { id: string }[]).filter((one) => one.id === id));

const tinyTuning = {
  training: 1_000_000n,
  trainingMinimum: 100_000_000_000n,
  storageMonth: 200_000_000_000n,
};
const tinyPrice = { input: 150_000n, cachedInput: 15_000n, output: 600_000n };

/**
 * The models that ship with the product. In the demo they also answer to familiar names, and their
 * descriptions say so, because an answer of a toy under a great name would be a lie.
 */
export function embeddedModels(isDemo: boolean): ConfiguredModel[] {
  const stands = isDemo
    ? " In this demo it also answers to the names of well-known models, so that existing programs run unchanged."
    : "";
  const none = capabilities.parse({ completion_chat: false, function_calling: false });
  return [
    {
      id: "tiny-chat-1",
      name: "Tiny Chat 1",
      description: `A very small demo model that ships with the product: trained on a few pages of text, good for trying things out. It is not a large language model.${stands}`,
      aliases: isDemo
        ? [
            "mistral-small-latest",
            "mistral-medium-latest",
            "mistral-large-latest",
            "codestral-latest",
            "open-mistral-nemo",
          ]
        : [],
      capabilities: { ...none, completion_chat: true, completion_fim: true, function_calling: true, fine_tuning: true },
      maxContextLength: 8192,
      defaultTemperature: 0.3,
      price: { ...tinyPrice, ...tinyTuning },
    },
    {
      id: "tiny-embed-1",
      name: "Tiny Embed 1",
      description: `A small demo embedding model that ships with the product: hashed character patterns in 256 dimensions.${stands}`,
      aliases: isDemo ? ["mistral-embed", "codestral-embed"] : [],
      capabilities: { ...none, embeddings: true },
      maxContextLength: 8192,
      price: { input: 100_000n, cachedInput: 10_000n, output: 0n },
    },
  ];
}
