import { AppError } from "#lib/core/errors.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

const annotations =
  "$schema $id $anchor $comment title description default examples deprecated readOnly writeOnly nullable discriminator contentMediaType contentEncoding";
const single = "items additionalProperties";
const many = "allOf anyOf oneOf prefixItems";
const named = "properties $defs definitions";
const plain =
  "$ref type enum const required multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern format minItems maxItems uniqueItems minProperties maxProperties";
const understood = new Set([annotations, single, many, named, plain].flatMap((list) => list.split(" ")));
const mostSchemas = 2000;

export const refuse = (reason: string): AppError =>
  new AppError("invalid", `tiny-chat-1 cannot follow this schema: ${reason}.`);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function asSchema(value: unknown, at: string): JsonSchema {
  if (typeof value === "boolean" || isObject(value)) return value;
  throw refuse(`${at} is not a schema`);
}

/** Refuses a schema with a keyword that would be ignored: an answer is valid or there is none. */
export function assertSupported(root: JsonSchema): void {
  for (const schema of schemasIn(root)) {
    if (typeof schema === "boolean") continue;
    const unknown = Object.keys(schema).find((keyword) => !understood.has(keyword) && !keyword.startsWith("x-"));
    if (unknown !== undefined) throw refuse(`the keyword "${unknown}" is not supported`);
  }
}

/** The schema and all that are written inside it. */
export function* schemasIn(root: JsonSchema): Generator<JsonSchema> {
  const waiting: JsonSchema[] = [root];
  let seen = 0;
  for (let schema = waiting.pop(); schema !== undefined; schema = waiting.pop()) {
    if (++seen > mostSchemas) throw refuse(`it has more than ${mostSchemas} parts`);
    yield schema;
    if (typeof schema === "object") waiting.push(...partsOf(schema));
  }
}

function partsOf(schema: { readonly [keyword: string]: unknown }): JsonSchema[] {
  const parts = single.split(" ").flatMap((keyword) => (schema[keyword] === undefined ? [] : [schema[keyword]]));
  const listed = many.split(" ").flatMap((keyword) => listOf(schema[keyword], keyword));
  const members = named.split(" ").flatMap((keyword) => Object.values(recordOf(schema[keyword], keyword)));
  return [...parts, ...listed, ...members].map((part) => asSchema(part, "a part"));
}

export function listOf(value: unknown, at: string): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw refuse(`${at} is not a list`);
}

export function recordOf(value: unknown, at: string): Record<string, unknown> {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw refuse(`${at} is not an object`);
}

/** What a `$ref` names: a place inside the same document. */
export function resolve(reference: unknown, root: JsonSchema): JsonSchema {
  if (typeof reference !== "string" || !/^#(\/|$)/.test(reference))
    throw refuse(`it refers to ${JSON.stringify(reference)}`);
  const steps = reference
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  let found: unknown = root;
  for (const step of steps) {
    const inside = isObject(found) || Array.isArray(found) ? Object.entries(found) : [];
    found = inside.find(([name]) => name === step)?.[1];
  }
  return asSchema(found, reference);
}

export const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** JSON with its members in order, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}
