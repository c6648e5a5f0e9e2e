import type { DefinedError } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Fault, faultAtSight } from "./at-sight.ts";

type Draft = "2019-09" | "2020-12";

/** Made when first asked for, because it takes a while. Only the drafts' own schemas are compiled, never a customer's. */
const judges = new Map<Draft, Ajv2019 | Ajv2020>();

function errorOf(schema: unknown, draft: Draft): DefinedError | undefined {
  const judge = judges.get(draft) ?? (draft === "2020-12" ? new Ajv2020() : new Ajv2019());
  judges.set(draft, judge);
  judge.validate(`https://json-schema.org/draft/${draft}/schema`, schema);
  const errors = (judge.errors ?? []) as DefinedError[];
  // Of several ways to be wrong, the one that looked furthest knows best.
  return errors.toSorted((one, other) => depthOf(other) - depthOf(one))[0];
}

const depthOf = ({ instancePath }: DefinedError): number => instancePath.split("/").length;

/** What is wrong with a JSON schema, in a sentence; null where nothing is. Keywords it does not know are let be. */
export function faultOfSchema(schema: unknown): Fault {
  const seen = faultAtSight(schema);
  if (seen) return seen;
  const error = errorOf(schema, "2020-12");
  // Before 2020 `items` could be a list.
  const isOfOldKind = error?.instancePath.endsWith("/items") && error.keyword === "type";
  const fault = isOfOldKind ? errorOf(schema, "2019-09") : error;
  return fault ? `${placeOf(fault)} ${wordsOf(fault)}` : null;
}

const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

/** `/items/anyOf/0` as people write it: `items.anyOf[0]`. */
function placeOf({ instancePath }: DefinedError): string {
  const steps = instancePath.split("/").slice(1).map(unescaped);
  const place = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join("");
  return place.replace(/^\./, "") || "The schema";
}

const lists: Record<string, string> = { enum: "a list of values", required: "a list of names" };
const kinds: Record<string, string> = {
  object: "an object with a schema for each name",
  number: "a number",
  integer: "a whole number, 0 or more",
  string: "a text",
  boolean: "true or false",
};

function wordsOf({ keyword, params, instancePath, message }: DefinedError): string {
  if (keyword === "minimum") return `has to be ${kinds.integer}.`;
  const list = lists[instancePath.split("/").at(-1) ?? ""] ?? "a list with at least one schema";
  if (keyword === "minItems" || (keyword === "type" && params.type === "array")) return `has to be ${list}.`;
  if (keyword !== "type") return `${message}.`;
  return `has to be ${kinds[params.type] ?? "an object in JSON"}.`;
}
