const types = new Set(["array", "boolean", "integer", "null", "number", "object", "string"]);

const numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const named = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const single = [
  "items",
  "additionalProperties",
  "additionalItems",
  "unevaluatedItems",
  "unevaluatedProperties",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
];
const listed = ["allOf", "anyOf", "oneOf", "prefixItems"];

type Fault = string | null;
type Check = (value: unknown, place: string) => Fault;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const first = <T>(list: readonly T[], check: (value: T, index: number) => Fault): Fault => {
  for (const [index, value] of list.entries()) {
    const fault = check(value, index);
    if (fault) return fault;
  }
  return null;
};

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

const texts: Check = (value, place) =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? null : `${place} has to be a list of names.`;

const typeCheck: Check = (value, place) => {
  const wrong = [value].flat().find((one) => typeof one !== "string" || !types.has(one));
  return wrong === undefined
    ? null
    : `${place} is ${JSON.stringify(wrong)}; it has to be one of ${[...types].join(", ")}.`;
};

const patternCheck: Check = (value, place) => {
  try {
    new RegExp(String(value), "u");
    return typeof value === "string" ? null : `${place} has to be a text.`;
  } catch {
    return `${place} is not a regular expression.`;
  }
};

const namedCheck: Check = (value, place) =>
  isObject(value)
    ? first(Object.entries(value), ([name, schema]) => faultAt(schema, `${place}.${name}`))
    : `${place} has to be an object with a schema for each name.`;

const listedCheck: Check = (value, place) =>
  Array.isArray(value) && value.length > 0
    ? first(value, (schema, index) => faultAt(schema, `${place}[${index}]`))
    : `${place} has to be a list with at least one schema.`;

/** Before 2020 `items` could be a list. */
const singleCheck: Check = (value, place) => (Array.isArray(value) ? listedCheck(value, place) : faultAt(value, place));

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["type", typeCheck],
  ["required", texts],
  ["pattern", patternCheck],
  [
    "enum",
    (value, place) => (Array.isArray(value) && value.length > 0 ? null : `${place} has to be a list of values.`),
  ],
  ["$ref", (value, place) => (typeof value === "string" ? null : `${place} has to be a text.`)],
  ...numbers.map((name): [string, Check] => [
    name,
    (value, place) => (typeof value === "number" ? null : `${place} has to be a number.`),
  ]),
  ...counts.map((name): [string, Check] => [
    name,
    (value, place) => (isCount(value) ? null : `${place} has to be a whole number, 0 or more.`),
  ]),
  ...named.map((name): [string, Check] => [name, namedCheck]),
  ...single.map((name): [string, Check] => [name, singleCheck]),
  ...listed.map((name): [string, Check] => [name, listedCheck]),
]);

function faultAt(schema: unknown, place: string): Fault {
  if (typeof schema === "boolean") return null;
  if (!isObject(schema)) return `${place || "The schema"} has to be an object in JSON.`;
  return first(Object.entries(schema), ([keyword, value]) => {
    const check = checks.get(keyword);
    return check ? check(value, place ? `${place}.${keyword}` : keyword) : null;
  });
}

/** What is wrong with a JSON schema, in a sentence; null where nothing is. Keywords it does not know are let be. */
export const faultOfSchema = (schema: unknown): Fault => faultAt(schema, "");
