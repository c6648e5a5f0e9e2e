import { between } from "#lib/engine/tiny/random.ts";
import { chooseType } from "./choose-type.ts";
import { conforms } from "./conforms.ts";
import { type Heights, heightsOf } from "./height.ts";
import { drawNumber, drawText } from "./scalars.ts";
import { assertSupported, canonical, type Json, type JsonSchema, refuse } from "./schema.ts";
import { meet, type Shape, shapeOf } from "./shape.ts";
import type { Voice } from "./voice.ts";

const mostValues = 1000;
const mostAttempts = 8;
/** From this depth on the walk takes the shortest way out. */
const shallow = 5;

type Walk = { root: JsonSchema; heightOf: Heights; voice: Voice; values: number };
type Value = Generator<null, Json>;

/** A value that is valid against the schema, whatever the model says; a schema that cannot be followed is refused. */
export function* walkSchema(schema: JsonSchema, voice: Voice): Value {
  assertSupported(schema);
  const heightOf = heightsOf(schema);
  if (heightOf(schema) === Number.POSITIVE_INFINITY) throw refuse("it requires itself without an end");
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const value = yield* draw({ root: schema, heightOf, voice, values: 0 }, schema, "", 0);
    if (conforms(value, schema, schema)) return value;
  }
  throw refuse("no valid value was found");
}

function* draw(walk: Walk, schema: JsonSchema, name: string, depth: number): Value {
  if (++walk.values > mostValues) throw refuse(`it asks for more than ${mostValues} values`);
  const shape = yield* settle(walk, shapeOf(schema, walk.root), name, depth);
  const about = `${name} ${shape.about}`;
  if (shape.values) {
    const fitting = shape.values.filter((value) => conforms(value, schema, walk.root));
    if (fitting.length === 0) throw refuse(`nothing fits "${name}"`);
    return fitting[yield* walk.voice.pick(fitting.map(textFor), about)] ?? null;
  }
  const type = chooseType(shape, walk.voice.random, depth >= shallow);
  if (type === "null") return null;
  if (type === "boolean") return (yield* walk.voice.pick(["yes", "no"], about)) === 0;
  if (type === "string") return yield* drawText(shape, about, walk.voice);
  if (type === "array") return yield* drawList(walk, shape, name, depth);
  if (type === "object") return yield* drawRecord(walk, shape, depth);
  return yield* drawNumber(shape, type === "integer", about, walk.voice);
}

const textFor = (value: Json): string => (typeof value === "string" ? value : canonical(value));

/** Decides every `anyOf` and `oneOf` for one branch and folds it in. */
function* settle(walk: Walk, open: Shape, name: string, depth: number): Generator<null, Shape> {
  let shape = open;
  for (let round = depth; shape.choices.length > 0; round++) {
    const [group = [], ...others] = shape.choices;
    shape = yield* chooseBranch(walk, { ...shape, choices: others }, group, name, round);
  }
  return shape;
}

function* chooseBranch(
  walk: Walk,
  rest: Shape,
  group: JsonSchema[],
  name: string,
  depth: number,
): Generator<null, Shape> {
  const lowest = Math.min(...group.map(walk.heightOf));
  const limit = depth < shallow ? Number.MAX_VALUE : lowest;
  const open = group.filter((branch) => walk.heightOf(branch) <= limit);
  const picked = yield* walk.voice.pick(open.map(labelOf), name);
  // A branch that contradicts the rest is passed over for the next one that does not.
  const possible = [...open.slice(picked), ...open.slice(0, picked), ...group]
    .filter((branch) => walk.heightOf(branch) < Number.POSITIVE_INFINITY)
    .map((branch) => meet(rest, shapeOf(branch, walk.root)))
    .find(isPossible);
  if (!possible) throw refuse(`no branch of "${name}" fits the rest`);
  return possible;
}

const labelOf = (schema: JsonSchema): string =>
  typeof schema === "boolean"
    ? ""
    : [schema.title, schema.description, schema.type, schema.const]
        .filter((part) => typeof part === "string")
        .join(" ");

const isPossible = ({ types, values }: Shape): boolean => types.length > 0 && values?.length !== 0;

function* drawList(walk: Walk, shape: Shape, name: string, depth: number): Generator<null, Json[]> {
  const wanted = lengthOf(shape, walk, depth);
  const list: Json[] = [];
  for (let attempt = 0; list.length < wanted && attempt < wanted * mostAttempts; attempt++) {
    const part = shape.prefix[list.length] ?? shape.items;
    const value = yield* draw(walk, part, name, depth + 1);
    if (shape.unique) list.push(...unused(value, part, list, walk).slice(0, 1));
    else list.push(value);
  }
  return list;
}

/** The value, or others like it, as far as they are not in the list yet. */
function unused(value: Json, part: JsonSchema, list: readonly Json[], walk: Walk): Json[] {
  const taken = new Set(list.map(canonical));
  const listed = shapeOf(part, walk.root).values ?? [];
  const counted = list.flatMap((_, at): Json[] => {
    if (typeof value === "string") return [`${value} ${at + 2}`];
    return typeof value === "number" ? [value + at + 1] : [];
  });
  return [value, ...listed, ...counted].filter(
    (other) => !taken.has(canonical(other)) && conforms(other, part, walk.root),
  );
}

/** One to three members where the schema leaves it open, none that could not end. */
function lengthOf({ items, prefix, least, most }: Shape, walk: Walk, depth: number): number {
  const low = Math.max(0, least.minItems);
  if (low > mostValues) throw refuse(`it asks for more than ${mostValues} values`);
  const usual = depth < shallow ? Math.max(low, prefix.length, between(walk.voice.random, 1, 3)) : low;
  const parts = [...prefix, ...Array.from({ length: Math.max(0, usual - prefix.length) }, () => items)];
  const dead = parts.findIndex((part) => walk.heightOf(part) === Number.POSITIVE_INFINITY);
  return Math.min(usual, most.maxItems, dead < 0 ? usual : dead);
}

function* drawRecord(walk: Walk, shape: Shape, depth: number): Generator<null, { [key: string]: Json }> {
  const entries: [string, Json][] = [];
  for (const name of membersOf(shape, walk, depth)) {
    const part = Object.hasOwn(shape.properties, name) ? shape.properties[name] : shape.additional;
    entries.push([name, yield* draw(walk, part ?? true, name, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

/** Required members, those the question speaks about, some of the others; as many as the schema allows and demands. */
function membersOf(shape: Shape, walk: Walk, depth: number): string[] {
  const required = new Set(shape.required);
  const optional = Object.keys(shape.properties).filter(
    (name) => !required.has(name) && walk.heightOf(shape.properties[name] ?? true) < Number.POSITIVE_INFINITY,
  );
  const isWanted = (name: string): boolean =>
    depth < shallow && (walk.voice.isMentioned(name) || walk.voice.random() < 0.5);
  const wanted = optional.filter(isWanted);
  const spare = optional.filter((name) => !wanted.includes(name));
  const missing = Math.max(0, shape.least.minProperties - required.size - wanted.length);
  const room = Math.max(0, shape.most.maxProperties - required.size);
  const chosen = new Set([...required, ...[...wanted, ...spare.slice(0, missing)].slice(0, room)]);
  const members = [...new Set([...Object.keys(shape.properties), ...required])].filter((name) => chosen.has(name));
  return [...members, ...inventedNames(shape, shape.least.minProperties - members.length)];
}

/** Names of our own where a schema demands more members than it names. */
function inventedNames({ additional, properties }: Shape, count: number): string[] {
  if (count <= 0 || additional === false) return [];
  if (count > mostValues) throw refuse(`it asks for more than ${mostValues} values`);
  const candidates = Array.from({ length: count + Object.keys(properties).length }, (_, at) => `field${at + 1}`);
  return candidates.filter((name) => !Object.hasOwn(properties, name)).slice(0, count);
}
