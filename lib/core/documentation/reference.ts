import { anchorOf } from "./markdown.ts";

/** A JSON schema, as far as the reference shows one. */
export type Schema = {
  $ref?: string;
  type?: string | readonly string[];
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  $defs?: Readonly<Record<string, Schema>>;
};

type Content = Readonly<Record<string, { schema?: Schema }>>;

type WireOperation = {
  summary: string;
  operationId: string;
  tags: readonly string[];
  security: readonly Readonly<Record<string, unknown>>[];
  parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Content };
  responses: Readonly<Record<string, { description?: string; content?: Content; $ref?: string }>>;
};

/** The document of the API, as `/v1/openapi.json` has it. */
export type ApiDocument = {
  tags: readonly { name: string; description: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, WireOperation>>>>;
  components: { responses: Readonly<Record<string, { description: string }>> };
};

export type Parameter = { name: string; in: string; isRequired: boolean; schema: Schema };
export type BodyPart = { type: string; schema: Schema };

export type Operation = {
  anchor: string;
  method: string;
  path: string;
  summary: string;
  /** Which kind of key opens it; `none` where none is needed. */
  key: string;
  parameters: readonly Parameter[];
  body: (BodyPart & { isRequired: boolean }) | null;
  answers: readonly BodyPart[];
  /** Statuses of errors. */
  errors: readonly string[];
};

export type Tag = { slug: string; name: string; description: string; operations: readonly Operation[] };

/** The API by its parts, in the document's order. */
export function referenceOf({ tags, paths }: ApiDocument): Tag[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags[0],
      ...shown(method, path, operation),
    })),
  );
  return tags.map(({ name, description }) => ({
    slug: anchorOf(name),
    name,
    description,
    operations: all.filter(({ tag }) => tag === name).map(({ tag: _tag, ...operation }) => operation),
  }));
}

const partsOf = (content: Content | undefined): BodyPart[] =>
  Object.entries(content ?? {}).flatMap(([type, { schema }]) => (schema ? [{ type, schema }] : []));

function shown(method: string, path: string, operation: WireOperation): Operation {
  const { summary, operationId, security, parameters, requestBody, responses } = operation;
  const [body] = partsOf(requestBody?.content);
  return {
    anchor: operationId,
    method: method.toUpperCase(),
    path,
    summary,
    key: Object.keys(security[0] ?? {})[0] ?? "none",
    parameters: parameters.map(({ required, ...rest }) => ({ ...rest, isRequired: required })),
    body: body ? { ...body, isRequired: requestBody?.required ?? false } : null,
    answers: partsOf(responses["200"]?.content),
    errors: Object.keys(responses).filter((status) => Number(status) >= 400),
  };
}

/** The type of a field in a few words. */
export function typeWords(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = choicesOf(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeWords))].join(" | ");
  if (schema.type === "array") return schema.items ? `array of ${typeWords(schema.items)}` : "array";
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  return String(schema.type ?? (schema.properties ? "object" : "any"));
}

export const choicesOf = ({ anyOf, oneOf }: Schema): readonly Schema[] => anyOf ?? oneOf ?? [];

/** What a value has to keep to, beside its type. */
export function boundsOf(schema: Schema): string {
  const between = (low: number | undefined, high: number | undefined, noun: string): string[] => {
    const isOpen = high === undefined || high >= Number.MAX_SAFE_INTEGER;
    const from = low === undefined || low <= Number.MIN_SAFE_INTEGER ? undefined : low;
    if (from === undefined && isOpen) return [];
    if (from === undefined) return [`at most ${high}${noun}`];
    return [isOpen ? `at least ${from}${noun}` : `${from} to ${high}${noun}`];
  };
  return [
    ...(schema.format ? [schema.format] : []),
    ...between(schema.minimum, schema.maximum, ""),
    ...between(schema.minLength, schema.maxLength, " characters"),
    ...between(schema.minItems, schema.maxItems, " entries"),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ].join(", ");
}

/** The fields beneath a schema: its own, its entries', or those of each of its choices. */
export function fieldsBelow(schema: Schema): { label: string; schema: Schema }[] {
  if (schema.properties && Object.keys(schema.properties).length > 0) return [{ label: "", schema }];
  if (schema.items) return fieldsBelow(schema.items);
  return choicesOf(schema).flatMap((choice) =>
    fieldsBelow(choice).map((below) => ({ ...below, label: below.label || labelOf(choice) })),
  );
}

/** What tells one choice from the others: a field that has one value only. */
function labelOf({ properties = {}, type }: Schema): string {
  const fixed = Object.entries(properties).find(([, { const: value }]) => value !== undefined);
  return fixed ? `${fixed[0]}: ${JSON.stringify(fixed[1].const)}` : String(type ?? "object");
}
