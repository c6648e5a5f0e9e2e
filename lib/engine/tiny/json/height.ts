import { asSchema, type JsonSchema, listOf, recordOf, resolve, schemasIn } from "./schema.ts";

/** How many steps the smallest value takes; infinite where a schema requires itself, or nothing at all can fit. */
export type Heights = (schema: JsonSchema) => number;

/**
 * Heights sink from infinity until they rest. Following the references instead would visit a shared part once for
 * each way to it, and a schema of forty lines can have a billion ways.
 */
export function heightsOf(root: JsonSchema): Heights {
  const heights = new Map<JsonSchema, number>();
  const all = [...schemasIn(root)].filter((schema) => typeof schema === "object");
  const heightOf: Heights = (schema) => {
    if (typeof schema === "boolean") return schema ? 0 : Number.POSITIVE_INFINITY;
    return heights.get(schema) ?? (known.has(schema) ? Number.POSITIVE_INFINITY : measure(schema, root, heightOf));
  };
  const known = new Set<JsonSchema>(all);
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const schema of all) {
      const height = measure(schema, root, heightOf);
      if (height >= heightOf(schema)) continue;
      heights.set(schema, height);
      isMoving = true;
    }
  }
  return heightOf;
}

type Keywords = Exclude<JsonSchema, boolean>;

/** One above the highest of what must hold or be inside, so that each step down is a step closer to the end. */
function measure(schema: Keywords, root: JsonSchema, heightOf: Heights): number {
  const height = (part: unknown): number => 1 + heightOf(asSchema(part, "a part"));
  const lowest = (group: unknown): number =>
    group === undefined ? 0 : Math.min(...listOf(group, "anyOf").map(height));
  return Math.max(
    0,
    schema.$ref === undefined ? 0 : height(resolve(schema.$ref, root)),
    ...listOf(schema.allOf, "allOf").map(height),
    lowest(schema.anyOf),
    lowest(schema.oneOf),
    ...insideOf(schema).map(height),
  );
}

/** Schemas of the values that must be inside. */
function insideOf(schema: Keywords): unknown[] {
  if (!mustBeFilled(schema)) return [];
  const properties = recordOf(schema.properties, "properties");
  const members = listOf(schema.required, "required").map((name) =>
    Object.hasOwn(properties, String(name)) ? properties[String(name)] : (schema.additionalProperties ?? true),
  );
  const least = Number(schema.minItems ?? 0);
  const prefix = listOf(schema.prefixItems, "prefixItems");
  const listed = least > prefix.length ? [...prefix, schema.items ?? true] : prefix.slice(0, least);
  return [...members, ...listed];
}

/** A schema that lists its values, or also allows a scalar, needs nothing inside. */
const mustBeFilled = ({ type, enum: values, const: fixed }: Keywords): boolean =>
  values === undefined && fixed === undefined && (type === undefined || type === "object" || type === "array");
