import { formats } from "./formats.ts";
import { patternOf } from "./pattern.ts";
import {
  asSchema,
  canonical,
  isObject,
  isSame,
  type Json,
  type JsonSchema,
  listOf,
  recordOf,
  refuse,
  resolve,
} from "./schema.ts";

const mostSteps = 200_000;

/** What is judged against, and how much was looked at: shared references can make a small schema endless to read. */
type Judgement = { root: JsonSchema; steps: number };

/** Whether a value is valid: the last word before an answer leaves, and the judge between branches. */
export const conforms = (value: Json, schema: JsonSchema, root: JsonSchema): boolean =>
  judge(value, schema, { root, steps: 0 });

/** `above` are the schemas this same value is being judged by: one that leads back to itself adds nothing. */
function judge(value: Json, schema: JsonSchema, judgement: Judgement, above: readonly JsonSchema[] = []): boolean {
  if (typeof schema === "boolean") return schema;
  if (above.includes(schema)) return false;
  if (++judgement.steps > mostSteps) throw refuse("it is too large to be checked");
  if (!holdsTogether(value, schema, judgement, [...above, schema])) return false;
  if (!isOfType(value, schema) || !isListed(value, schema)) return false;
  if (typeof value === "number") return isInRange(value, schema);
  if (typeof value === "string") return isText(value, schema);
  if (Array.isArray(value)) return isList(value, schema, judgement);
  return isObject(value) ? isRecord(value, schema, judgement) : true;
}

type Keywords = { readonly [keyword: string]: unknown };

function holdsTogether(
  value: Json,
  { $ref, allOf, anyOf, oneOf }: Keywords,
  judgement: Judgement,
  above: readonly JsonSchema[],
): boolean {
  const holds = (part: unknown): boolean => judge(value, asSchema(part, "a branch"), judgement, above);
  if ($ref !== undefined && !holds(resolve($ref, judgement.root))) return false;
  if (!listOf(allOf, "allOf").every(holds)) return false;
  if (anyOf !== undefined && !listOf(anyOf, "anyOf").some(holds)) return false;
  return oneOf === undefined || listOf(oneOf, "oneOf").filter(holds).length === 1;
}

function isOfType(value: Json, { type, nullable }: Keywords): boolean {
  if (type === undefined) return true;
  if (nullable === true && value === null) return true;
  const named = Array.isArray(type) ? type : [type];
  return named.some((name) => {
    if (name === "null") return value === null;
    if (name === "array") return Array.isArray(value);
    if (name === "object") return isObject(value);
    if (name === "integer") return Number.isInteger(value);
    return typeof value === name;
  });
}

const isListed = (value: Json, { enum: values, const: fixed }: Keywords): boolean =>
  (values === undefined || listOf(values, "enum").some((other) => isSame(other, value))) &&
  (fixed === undefined || isSame(fixed, value));

const above = (value: number, least: unknown): boolean => typeof least !== "number" || value >= least;
const below = (value: number, most: unknown): boolean => typeof most !== "number" || value <= most;

function isInRange(value: number, schema: Keywords): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (!above(value, minimum) || !below(value, maximum)) return false;
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) return false;
  return typeof multipleOf !== "number" || isMultiple(value, multipleOf);
}

/** Division tells the truth up to the last bits of a float. */
export function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

function isText(value: string, { minLength, maxLength, pattern, format }: Keywords): boolean {
  const length = [...value].length;
  if (!above(length, minLength) || !below(length, maxLength)) return false;
  if (typeof format === "string" && !formatNamed(format).matches.test(value)) return false;
  return typeof pattern !== "string" || patternOf(pattern).matches(value);
}

export function formatNamed(name: string): (typeof formats)[string] {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (!format) throw refuse(`the format "${name}" is not supported`);
  return format;
}

function isList(value: Json[], schema: Keywords, judgement: Judgement): boolean {
  if (!above(value.length, schema.minItems) || !below(value.length, schema.maxItems)) return false;
  if (schema.uniqueItems === true && new Set(value.map(canonical)).size < value.length) return false;
  const prefix = listOf(schema.prefixItems, "prefixItems");
  return value.every((member, at) => {
    const part = at < prefix.length ? prefix[at] : (schema.items ?? true);
    return judge(member, asSchema(part, "items"), judgement);
  });
}

function isRecord(value: Record<string, Json>, schema: Keywords, judgement: Judgement): boolean {
  const names = Object.keys(value);
  if (!above(names.length, schema.minProperties) || !below(names.length, schema.maxProperties)) return false;
  if (!listOf(schema.required, "required").every((name) => Object.hasOwn(value, String(name)))) return false;
  const properties = recordOf(schema.properties, "properties");
  return Object.entries(value).every(([name, member]) => {
    const part = Object.hasOwn(properties, name) ? properties[name] : (schema.additionalProperties ?? true);
    return judge(member, asSchema(part, name), judgement);
  });
}
