import {
  asSchema,
  canonical,
  isObject,
  type Json,
  type JsonSchema,
  listOf,
  recordOf,
  refuse,
  resolve,
} from "./schema.ts";

export const types = ["null", "boolean", "integer", "number", "string", "array", "object"] as const;
export type Type = (typeof types)[number];

/** A schema with references resolved and `allOf` folded in: all that one value must satisfy, in one place. */
export type Shape = {
  types: readonly Type[];
  values: Json[] | undefined;
  /** From each group one branch must hold. */
  choices: JsonSchema[][];
  properties: Record<string, JsonSchema>;
  required: string[];
  additional: JsonSchema;
  items: JsonSchema;
  prefix: JsonSchema[];
  least: Record<Least, number>;
  most: Record<Most, number>;
  multipleOf: number | undefined;
  unique: boolean;
  pattern: string | undefined;
  format: string | undefined;
  /** Title and description: what the value is about. */
  about: string;
};

const leasts = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"] as const;
const mosts = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"] as const;
type Least = (typeof leasts)[number];
type Most = (typeof mosts)[number];

const deepest = 40;

/** Shapes are folded once for each schema: shared references would otherwise multiply. */
const folded = new WeakMap<object, Shape>();

export function shapeOf(schema: JsonSchema, root: JsonSchema, depth = 0): Shape {
  if (schema === false) throw refuse("no value can satisfy it");
  if (schema === true) return read({});
  const known = folded.get(schema);
  if (known) return known;
  if (depth > deepest) throw refuse("its references go round in a circle");
  const parts = [
    ...(schema.$ref === undefined ? [] : [resolve(schema.$ref, root)]),
    ...listOf(schema.allOf, "allOf").map((part) => asSchema(part, "allOf")),
  ];
  const shape = parts.reduce<Shape>((all, part) => meet(all, shapeOf(part, root, depth + 1)), read(schema));
  folded.set(schema, shape);
  return shape;
}

function read(schema: { readonly [keyword: string]: unknown }): Shape {
  const branches = [schema.anyOf, schema.oneOf]
    .filter((group) => group !== undefined)
    .map((group) => listOf(group, "anyOf").map((branch) => asSchema(branch, "anyOf")));
  return {
    types: typesOf(schema),
    values: valuesOf(schema),
    choices: branches,
    properties: Object.fromEntries(
      Object.entries(recordOf(schema.properties, "properties")).map(([name, part]) => [name, asSchema(part, name)]),
    ),
    required: listOf(schema.required, "required").map(String),
    additional: asSchema(schema.additionalProperties ?? true, "additionalProperties"),
    items: asSchema(schema.items ?? true, "items"),
    prefix: listOf(schema.prefixItems, "prefixItems").map((part) => asSchema(part, "prefixItems")),
    least: boundsOf(leasts, schema, Number.NEGATIVE_INFINITY),
    most: boundsOf(mosts, schema, Number.POSITIVE_INFINITY),
    multipleOf: numberOf(schema.multipleOf, "multipleOf"),
    unique: schema.uniqueItems === true,
    pattern: textOf(schema.pattern, "pattern"),
    format: textOf(schema.format, "format"),
    about: [schema.title, schema.description].filter((text) => typeof text === "string").join(" "),
  };
}

function typesOf({ type, nullable }: { readonly [keyword: string]: unknown }): readonly Type[] {
  if (type === undefined) return types.filter((any) => any !== "integer");
  const named = Array.isArray(type) ? type : [type];
  if (!named.every((name) => types.includes(name))) throw refuse(`it has the type ${JSON.stringify(type)}`);
  const distinct = named.filter((one) => one !== "integer" || !named.includes("number"));
  return nullable === true ? [...new Set([...distinct, "null"])] : distinct;
}

function valuesOf(schema: { readonly [keyword: string]: unknown }): Json[] | undefined {
  // What arrived as JSON is JSON.
  const listed = schema.enum === undefined ? undefined : (listOf(schema.enum, "enum") as Json[]);
  const fixed = schema.const === undefined ? undefined : [schema.const as Json];
  return common(listed, fixed);
}

function boundsOf<Name extends string>(
  names: readonly Name[],
  schema: { readonly [keyword: string]: unknown },
  none: number,
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, numberOf(schema[name], name) ?? none])) as Record<Name, number>;
}

function numberOf(value: unknown, at: string): number | undefined {
  if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
  throw refuse(`${at} is not a number`);
}

function textOf(value: unknown, at: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw refuse(`${at} is not a text`);
}

/** What both shapes allow. */
export function meet(a: Shape, b: Shape): Shape {
  return {
    types: [...new Set(a.types.flatMap((type) => b.types.flatMap((other) => narrower(type, other))))],
    values: common(a.values, b.values),
    choices: [...a.choices, ...b.choices],
    properties: { ...closed(a.properties, b), ...closed(b.properties, a), ...shared(a, b) },
    required: [...new Set([...a.required, ...b.required])],
    additional: both(a.additional, b.additional),
    items: both(a.items, b.items),
    prefix: one(a.prefix, b.prefix, (prefix) => prefix.length > 0) ?? [],
    least: bounds(a.least, b.least, Math.max),
    most: bounds(a.most, b.most, Math.min),
    multipleOf: commonMultiple(a.multipleOf, b.multipleOf),
    unique: a.unique || b.unique,
    pattern: one(a.pattern, b.pattern, (pattern) => pattern !== undefined),
    format: one(a.format, b.format, (format) => format !== undefined),
    about: [a.about, b.about].filter((about) => about !== "").join(" "),
  };
}

function narrower(a: Type, b: Type): Type[] {
  if (a === b) return [a];
  const pair = [a, b];
  return pair.includes("integer") && pair.includes("number") ? ["integer"] : [];
}

function common(a: Json[] | undefined, b: Json[] | undefined): Json[] | undefined {
  if (!a || !b) return a ?? b;
  const texts = new Set(b.map(canonical));
  return a.filter((value) => texts.has(canonical(value)));
}

/** A shape without room for others forbids the properties it does not name. */
const closed = (properties: Record<string, JsonSchema>, by: Shape): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, both(part, by.additional)]));

const shared = (a: Shape, b: Shape): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(a.properties)
      .filter(([name]) => Object.hasOwn(b.properties, name))
      .map(([name, part]) => [name, both(part, b.properties[name] ?? true)]),
  );

function both(a: JsonSchema, b: JsonSchema): JsonSchema {
  if (a === false || b === false) return false;
  if (a === true || (isObject(a) && Object.keys(a).length === 0)) return b;
  return b === true || a === b ? a : { allOf: [a, b] };
}

function one<T>(a: T, b: T, has: (value: T) => boolean): T {
  if (has(a) && has(b) && canonical(a) !== canonical(b)) throw refuse("two of its parts speak about the same thing");
  return has(a) ? a : b;
}

function bounds<Name extends string>(
  a: Record<Name, number>,
  b: Record<Name, number>,
  pick: (x: number, y: number) => number,
): Record<Name, number> {
  return Object.fromEntries(Object.keys(a).map((name) => [name, pick(a[name as Name], b[name as Name])])) as Record<
    Name,
    number
  >;
}

function commonMultiple(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const [large, small] = a > b ? [a, b] : [b, a];
  if (Number.isInteger(large / small)) return large;
  throw refuse("two of its parts ask for different multiples");
}
