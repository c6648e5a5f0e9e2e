import { z } from "zod";

/**
 * What becomes of a field of a request. What is passed on goes to upstreams that declare it (`features.parameters` in
 * UPSTREAMS) as it was sent, and is ignored where one does not.
 */
export type Treatment = "used" | "translated" | "passed on" | "ignored" | "refused";

export type Parameter<S extends z.ZodType = z.ZodType> = {
  schema: S;
  treatment: Treatment;
  /** For the documentation: what it does, or becomes, or why it does nothing. */
  says: string;
  /** A value that changes nothing, so that nobody needs to hear that it was ignored. */
  isNeutral?: (value: unknown) => boolean;
  /** The fields it becomes for an upstream, where that is another than its own name. */
  becomes?: (value: unknown) => Record<string, unknown>;
};

export type Parameters = Record<string, Parameter>;

export const used = <S extends z.ZodType>(schema: S, says: string): Parameter<S> => ({
  schema,
  treatment: "used",
  says,
});

export const translated = <S extends z.ZodType>(schema: S, says: string): Parameter<S> => ({
  schema,
  treatment: "translated",
  says,
});

type Neutral = readonly unknown[];
const among = (neutral: Neutral) => (value: unknown) =>
  neutral.some((one) => JSON.stringify(one) === JSON.stringify(value));

export const passedOn = <S extends z.ZodType>(schema: S, says: string, ...neutral: Neutral): Parameter<S> => ({
  schema,
  treatment: "passed on",
  says,
  isNeutral: among(neutral),
});

export const ignored = <S extends z.ZodType>(schema: S, says: string, ...neutral: Neutral): Parameter<S> => ({
  schema,
  treatment: "ignored",
  says,
  isNeutral: among(neutral),
});

export function refused(says: string, ...neutral: Neutral) {
  const isNeutral = among(neutral);
  const schema = z
    .unknown()
    .refine((value) => value === undefined || value === null || isNeutral(value), says)
    .optional();
  return { schema, treatment: "refused", says, isNeutral } satisfies Parameter;
}

type Shape<P extends Parameters> = { [name in keyof P]: P[name]["schema"] };

/** The schema of a body. Fields no table knows are kept, for upstreams that declare them. */
export const bodyOf = <const P extends Parameters>(parameters: P) =>
  z.looseObject(
    Object.fromEntries(
      Object.entries(parameters).map(([name, { schema, says }]) => [name, schema.describe(says)]),
    ) as Shape<P>,
  );

export const takesNothing: ReadonlySet<string> = new Set();

export type Sorted = {
  /** Fields for the upstream, as it takes them. */
  extras: Record<string, unknown>;
  /** Names of what does nothing. */
  ignored: string[];
};

/** What of a body goes to an upstream that takes these fields, and what is lost. */
export function sorted(parameters: Parameters, body: object, takes: ReadonlySet<string> = takesNothing): Sorted {
  const found: Sorted = { extras: {}, ignored: [] };
  for (const [name, value] of Object.entries(body)) {
    const parameter = (Object.hasOwn(parameters, name) && parameters[name]) || unknown;
    if (value === undefined || value === null || endsHere.has(parameter.treatment)) continue;
    const isTaken = pass(found.extras, parameter.becomes?.(value) ?? { [name]: value }, takes);
    if (!isTaken && !parameter.isNeutral?.(value)) found.ignored.push(name);
  }
  return found;
}

const unknown: Parameter = passedOn(z.unknown(), "");

const endsHere: ReadonlySet<Treatment> = new Set(["used", "translated", "refused"]);

function pass(extras: Record<string, unknown>, fields: Record<string, unknown>, takes: ReadonlySet<string>): boolean {
  let isTaken = false;
  for (const [name, value] of Object.entries(fields)) {
    if (!takes.has(name) || value === undefined || value === null) continue;
    extras[name] ??= value;
    isTaken = true;
  }
  return isTaken;
}

const mostNames = 32;

/** Names in a form that a header carries; they are whatever the client sent. */
export const namesInHeader = (names: readonly string[]): string =>
  names
    .slice(0, mostNames)
    .map((name) => name.replace(/[^\w.-]/g, "?").slice(0, 64))
    .join(", ");
