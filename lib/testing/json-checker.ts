import { expect } from "vitest";

type Schema = Record<string, unknown>;

/**
 * Judges values in tests. It shares no line with the code it judges and knows only what the schemas of the tests say;
 * patterns are judged by the language's own expressions.
 */
export function check(value: unknown, schema: unknown, root: unknown = schema): boolean {
  if (typeof schema === "boolean") return schema;
  const {
    $ref,
    allOf = [],
    anyOf,
    oneOf,
    ...rest
  } = schema as { $ref?: string; allOf?: unknown[]; anyOf?: unknown[]; oneOf?: unknown[] };
  const holds = (part: unknown): boolean => check(value, part, root);
  if (
    $ref &&
    !holds(
      $ref === "#"
        ? root
        : $ref
            .slice(2)
            .split("/")
            .reduce((at, step) => (at as Schema)[step] as Schema, root as Schema),
    )
  )
    return false;
  if (!allOf.every(holds) || (anyOf && !anyOf.some(holds))) return false;
  if (oneOf && oneOf.filter(holds).length !== 1) return false;
  return Object.entries(rest).every(([keyword, wanted]) =>
    (rules[keyword] ?? unknownRule)(value, wanted as never, rest, root),
  );
}

type Rule = (value: unknown, wanted: never, schema: Schema, root: unknown) => boolean;
const unknownRule: Rule = () => true;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isType = (value: unknown, type: string): boolean =>
  ({ null: value === null, array: Array.isArray(value), integer: Number.isInteger(value), object: isRecord(value) })[
    type
  ] ?? typeof value === type;
const isRecord = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const ifNumber = (value: unknown, test: (value: number) => boolean): boolean =>
  typeof value !== "number" || test(value);
const ifText = (value: unknown, test: (value: string) => boolean): boolean => typeof value !== "string" || test(value);
const ifList = (value: unknown, test: (value: unknown[]) => boolean): boolean => !Array.isArray(value) || test(value);
const ifRecord = (value: unknown, test: (value: Schema) => boolean): boolean => !isRecord(value) || test(value);

const rules: Record<string, Rule> = {
  type: (value, wanted: string | string[]) => [wanted].flat().some((type) => isType(value, type)),
  enum: (value, wanted: unknown[]) => wanted.some((one) => same(one, value)),
  const: (value, wanted) => same(wanted, value),
  minimum: (value, wanted: number) => ifNumber(value, (number) => number >= wanted),
  maximum: (value, wanted: number) => ifNumber(value, (number) => number <= wanted),
  exclusiveMinimum: (value, wanted: number) => ifNumber(value, (number) => number > wanted),
  exclusiveMaximum: (value, wanted: number) => ifNumber(value, (number) => number < wanted),
  multipleOf: (value, wanted: number) =>
    ifNumber(value, (number) => Math.abs(number / wanted - Math.round(number / wanted)) < 1e-6),
  minLength: (value, wanted: number) => ifText(value, (text) => [...text].length >= wanted),
  maxLength: (value, wanted: number) => ifText(value, (text) => [...text].length <= wanted),
  pattern: (value, wanted: string) => ifText(value, (text) => new RegExp(wanted, "u").test(text)),
  format: (value, wanted: string) => ifText(value, (text) => wanted !== "date" || !Number.isNaN(Date.parse(text))),
  minItems: (value, wanted: number) => ifList(value, (list) => list.length >= wanted),
  maxItems: (value, wanted: number) => ifList(value, (list) => list.length <= wanted),
  uniqueItems: (value) => ifList(value, (list) => new Set(list.map((one) => JSON.stringify(one))).size === list.length),
  items: (value, wanted, { prefixItems = [] }, root) =>
    ifList(value, (list) => list.slice((prefixItems as unknown[]).length).every((one) => check(one, wanted, root))),
  prefixItems: (value, wanted: unknown[], _, root) =>
    ifList(value, (list) => wanted.every((part, at) => at >= list.length || check(list[at], part, root))),
  required: (value, wanted: string[]) =>
    ifRecord(value, (record) => wanted.every((name) => Object.hasOwn(record, name))),
  minProperties: (value, wanted: number) => ifRecord(value, (record) => Object.keys(record).length >= wanted),
  maxProperties: (value, wanted: number) => ifRecord(value, (record) => Object.keys(record).length <= wanted),
  properties: (value, wanted: Schema, _, root) =>
    ifRecord(value, (record) =>
      Object.entries(wanted).every(([name, part]) => !Object.hasOwn(record, name) || check(record[name], part, root)),
    ),
  additionalProperties: (value, wanted, { properties = {} }, root) =>
    ifRecord(value, (record) =>
      Object.entries(record).every(
        ([name, one]) => Object.hasOwn(properties as Schema, name) || check(one, wanted, root),
      ),
    ),
};

export const expectValid = (value: unknown, schema: unknown): void => {
  expect(check(value, schema), `${JSON.stringify(value)} for ${JSON.stringify(schema)}`).toBe(true);
};
