import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";

const ajv = new Ajv2020({
  strict: false,
  validateSchema: false,
  ownProperties: true,
  multipleOfPrecision: 6,
  logger: false,
  code: { optimize: false },
  formats: { date: (text) => !Number.isNaN(Date.parse(text)) },
});

// The library's own comparison calls a member named `valueOf`, so these two compare here.
ajv.removeKeyword("const").addKeyword({ keyword: "const", validate: isDeepStrictEqual });
ajv.removeKeyword("enum").addKeyword({
  keyword: "enum",
  validate: (allowed: unknown[], value: unknown) => allowed.some((one) => isDeepStrictEqual(one, value)),
});

/** Judges values in tests; it shares no line with the code that makes them. */
export function check(value: unknown, schema: object): boolean {
  const isValid = ajv.validate(renamed(schema), renamed(value));
  ajv.removeSchema();
  return isValid;
}

/** The judge leaves out members of this name; the code it judges must not. */
const renamed = <T>(json: T): T => JSON.parse(JSON.stringify(json).replaceAll("__proto__", "_proto_"));

export const expectValid = (value: unknown, schema: object): void => {
  expect(check(value, schema), `${JSON.stringify(value)} for ${JSON.stringify(schema)}`).toBe(true);
};
