import { z } from "zod";

const text = z.string();
const schema = z.record(z.string(), z.unknown());

export const functionShape = z.object({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,64}$/, "A function's name has 1 to 64 letters, digits, underscores or dashes."),
  description: text.nullish(),
  parameters: schema.nullish(),
  strict: z.boolean().nullish(),
});

export const tool = z.object({
  type: z
    .literal("function", "Only tools of the type function are offered here; take the others out.")
    .nullish()
    .transform(() => "function" as const),
  function: functionShape,
});

const named = z.object({ name: text });
const mode = z.enum(["auto", "none", "any", "required"]);

/** The official spellings, and those other APIs use for the same. */
export const toolChoice = z.union([
  mode,
  z.object({ type: mode }),
  z.object({ type: z.literal("function").nullish(), function: named }),
  z.object({ type: z.enum(["function", "tool"]), name: text }),
  z.object({
    type: z.literal("allowed_tools"),
    allowed_tools: z.object({
      mode: mode.nullish(),
      tools: z.array(z.object({ function: named })).min(1, "Name at least one tool."),
    }),
  }),
]);
export type ToolChoice = z.output<typeof toolChoice>;

/** The older spelling of a choice of tools. */
export const functionChoice = z.union([z.enum(["auto", "none"]), named]);

const jsonSchema = z.object({
  name: text.nullish().transform((name) => name ?? "answer"),
  schema,
  strict: z.boolean().nullish(),
  description: text.nullish(),
});

/** Some servers take the schema beside the type, whatever the type is called. */
export const responseFormat = z
  .object({
    type: z.enum(["text", "json_object", "json_schema"]),
    json_schema: jsonSchema.nullish(),
    schema: schema.nullish().describe("Another spelling of json_schema.schema."),
  })
  .transform(({ type, json_schema, schema }, issue): ResponseFormat => {
    if (type === "text") return { type };
    if (json_schema && type === "json_schema") return { type, json_schema };
    if (schema) return { type: "json_schema", json_schema: { name: "answer", schema } };
    if (type === "json_object") return { type };
    issue.addIssue({ code: "custom", path: ["json_schema"], message: "This field is required." });
    return z.NEVER;
  });
type ResponseFormat =
  | { type: "text" | "json_object"; json_schema?: null | undefined }
  | { type: "json_schema"; json_schema: Omit<z.output<typeof jsonSchema>, "name"> & { name: string } };
