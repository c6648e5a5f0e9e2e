import type { Content } from "#lib/domain/agents/builder/rules.ts";

export type ExampleForm = { id: number; input: string; output: string };
export type ToolForm = { id: number; name: string; description: string; strict: boolean; parameters: string };

/** What the builder's fields hold; an empty text leaves the choice to the model. */
export type BuilderForm = {
  model: string;
  description: string;
  instructions: string;
  examples: readonly ExampleForm[];
  temperature: string;
  topP: string;
  maxTokens: string;
  seed: string;
  presencePenalty: string;
  frequencyPenalty: string;
  /** One text a line, with line breaks of their own written as \n. */
  stop: string;
  toolChoice: string;
  reasoningEffort: string;
  format: "" | "text" | "json_object" | "json_schema";
  schemaName: string;
  schemaDescription: string;
  schemaStrict: boolean;
  schema: string;
  tools: readonly ToolForm[];
  handoffs: readonly string[];
  /** What only programs set stays as it is. */
  kept: Pick<Content, "metadata"> & { prediction: unknown };
};

/** Messages by the field's path, as the server names it. */
export type Errors = Readonly<Record<string, readonly string[]>>;

export type FieldsProps = {
  form: BuilderForm;
  change: (part: Partial<BuilderForm>) => void;
  errors: Errors;
};

const numbers = [
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["maxTokens", "max_tokens"],
  ["seed", "random_seed"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
] as const;

type JsonSchema = { name?: string; description?: string | null; strict?: boolean | null; schema?: unknown };

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
const shown = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** Every line of the field is one text, so a line break inside one is written out. */
const written = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const readBack = (line: string): string =>
  line.replace(/\\(n|\\)/g, (_match, letter: string) => (letter === "n" ? "\n" : letter));

/** The fields of what an agent is told. */
export function formOf({ completion_args: args, ...content }: Content): BuilderForm {
  const format = (args.response_format ?? {}) as { type?: BuilderForm["format"]; json_schema?: JsonSchema | null };
  const schema = format.json_schema ?? {};
  return {
    model: content.model,
    description: content.description ?? "",
    instructions: content.instructions ?? "",
    examples: content.examples.map((example, id) => ({ id, ...example })),
    temperature: shown(args.temperature),
    topP: shown(args.top_p),
    maxTokens: shown(args.max_tokens),
    seed: shown(args.random_seed),
    presencePenalty: shown(args.presence_penalty),
    frequencyPenalty: shown(args.frequency_penalty),
    stop: [args.stop ?? []]
      .flat()
      .map((text) => written(String(text)))
      .join("\n"),
    toolChoice: shown(args.tool_choice),
    reasoningEffort: shown(args.reasoning_effort),
    format: format.type ?? "",
    schemaName: schema.name ?? "",
    schemaDescription: schema.description ?? "",
    schemaStrict: schema.strict ?? false,
    schema: schema.schema ? pretty(schema.schema) : "",
    tools: content.tools.map((tool, id) => toolForm(tool, id)),
    handoffs: content.handoffs ?? [],
    kept: { metadata: content.metadata, prediction: args.prediction ?? undefined },
  };
}

const toolForm = ({ function: { parameters, ...tool } }: Content["tools"][number], id: number): ToolForm => ({
  id,
  ...tool,
  parameters: pretty(parameters),
});

/** What the fields say, in the words of the wire; the server says what is wrong with it. */
export function contentOf(form: BuilderForm): unknown {
  return {
    model: form.model,
    description: form.description.trim() === "" ? null : form.description,
    instructions: form.instructions.trim() === "" ? null : form.instructions,
    examples: form.examples.map(({ input, output }) => ({ input, output })),
    tools: form.tools.map(({ name, description, strict, parameters }) => ({
      type: "function",
      function: { name, description, strict, parameters: jsonOf(parameters) },
    })),
    completion_args: argsOf(form),
    handoffs: form.handoffs.length > 0 ? form.handoffs : null,
    metadata: form.kept.metadata,
  };
}

function argsOf(form: BuilderForm): Record<string, unknown> {
  const stop = form.stop.split("\n").filter(Boolean).map(readBack);
  const chosen = {
    ...Object.fromEntries(numbers.map(([field, name]) => [name, numberOf(form[field])])),
    stop: stop.length > 0 ? stop : undefined,
    tool_choice: form.toolChoice || undefined,
    reasoning_effort: form.reasoningEffort || undefined,
    response_format: formatOf(form),
    prediction: form.kept.prediction,
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

/** What is no number stays as it was typed, to be refused where it stands. */
function numberOf(text: string): number | string | undefined {
  const typed = text.trim().replace(",", ".");
  if (typed === "") return undefined;
  return Number.isNaN(Number(typed)) ? text : Number(typed);
}

function formatOf({ format, schemaName, schemaDescription, schemaStrict, schema }: BuilderForm): unknown {
  if (format === "") return undefined;
  if (format !== "json_schema") return { type: format };
  const description = schemaDescription.trim() === "" ? {} : { description: schemaDescription };
  return {
    type: format,
    json_schema: { name: schemaName.trim(), ...description, strict: schemaStrict, schema: jsonOf(schema) },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether two states of the form say the same; rows that only moved their numbers do. */
export const isSame = (one: BuilderForm, other: BuilderForm): boolean =>
  JSON.stringify(contentOf(one)) === JSON.stringify(contentOf(other));

/** A number no row has yet. */
export const nextId = (rows: readonly { id: number }[]): number => Math.max(-1, ...rows.map(({ id }) => id)) + 1;

/** The rows with one of them a place up or down. */
export function moved<T>(rows: readonly T[], from: number, by: 1 | -1): T[] {
  const next = [...rows];
  const [row] = next.splice(from, 1);
  if (row !== undefined) next.splice(from + by, 0, row);
  return next;
}

export const emptyParameters = pretty({ type: "object", properties: {}, required: [] });
export const emptySchema = pretty({
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
});
