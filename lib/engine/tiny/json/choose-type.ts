import { between, type Random } from "#lib/engine/tiny/random.ts";
import { refuse } from "./schema.ts";
import type { Shape, Type } from "./shape.ts";

/** The type a value gets: the only one, the one its keywords speak about, or one of the allowed by chance. */
export function chooseType(shape: Shape, random: Random, isShallow: boolean): Type {
  const [only] = shape.types;
  if (only === undefined) throw refuse("two of its parts ask for different types");
  if (shape.types.length === 1) return only;
  const suggested = suggestedTypes(shape).find((type) => shape.types.includes(type));
  if (suggested) return suggested;
  const isOpen = shape.types.length > 3;
  const usual = isOpen || isShallow ? shape.types.filter((type) => type !== "array" && type !== "object") : shape.types;
  if (usual.includes("string") && (isOpen || random() < 0.8)) return "string";
  return usual[between(random, 0, usual.length - 1)] ?? only;
}

function suggestedTypes({
  properties,
  required,
  items,
  prefix,
  least,
  most,
  multipleOf,
  pattern,
  format,
}: Shape): Type[] {
  const isBounded = (...names: string[]): boolean =>
    [...Object.entries(least), ...Object.entries(most)].some(
      ([name, bound]) => names.includes(name) && Number.isFinite(bound),
    );
  const speaks: [Type, boolean][] = [
    ["object", Object.keys(properties).length + required.length > 0 || isBounded("minProperties", "maxProperties")],
    ["array", items !== true || prefix.length > 0 || isBounded("minItems", "maxItems")],
    ["number", multipleOf !== undefined || isBounded("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")],
    ["string", pattern !== undefined || format !== undefined || isBounded("minLength", "maxLength")],
  ];
  return speaks.filter(([, isMeant]) => isMeant).map(([type]) => type);
}
