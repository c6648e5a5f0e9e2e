import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { type IdKind, newId, prefixes } from "#db/id.ts";
import { AppError } from "#lib/core/errors.ts";
import { unstorable } from "#lib/core/stored-text.ts";
import { everyInput, filled } from "#lib/testing/operations/every-command.ts";
import type { Place } from "#lib/testing/world.ts";
import { inputOf } from "./form-input.ts";

const kinds = Object.keys(prefixes) as IdKind[];
const ids = Object.fromEntries(kinds.map((kind) => [kind, newId(kind, new Date(0))]));
const place = {
  ...ids,
  organizationId: ids.organization,
  workspaceId: ids.workspace,
  person: ids.user,
  webhook: ids.webhookEndpoint,
  delivery: ids.webhookDelivery,
} as unknown as Place;

/** Fields that a schema takes, as far as words for them are known. */
function goodFields(schema: z.ZodType): Record<string, unknown> {
  const fields = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      try {
        return [name, filled(field, place)];
      } catch {
        return [name, ""];
      }
    }),
  );
}

function formOf(fields: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one ?? ""));
  return form;
}

/** As text, and as what a field of JSON turns into such a text. A form itself carries no half of a surrogate pair. */
const parts = (bad: string) => ({
  clientDataJSON: bad,
  authenticatorData: bad,
  signature: bad,
  attestationObject: bad,
});
const hostile = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => `${text}\0`),
  fc
    .constantFrom("\0", "\ud800", "a\udc00b", "\udc00\ud800")
    .chain((bad) =>
      fc
        .constantFrom<unknown>(bad, [bad], { [bad]: 1 }, { a: [{ b: bad }] }, { id: bad, response: parts(bad) })
        .map((value) => JSON.stringify(value)),
    ),
  fc.nat({ max: 2000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
);

const outcomeOf = (schema: z.ZodType, form: FormData): unknown => {
  try {
    return { input: inputOf(schema, form) };
  } catch (error) {
    return error;
  }
};

const schemas = await everyInput();

test("whatever text the database cannot keep a form sends in whatever field, the refusal is the form's own", () => {
  const names = schemas.flatMap(([name, schema]) => Object.keys(goodFields(schema)).map((field) => [name, field]));
  expect(names.length).toBeGreaterThan(150);
  for (const [name, schema] of schemas) {
    const good = goodFields(schema);
    const fields = fc.constantFrom(...Object.keys(good), "\0", "nobody asked", "content", "grants");
    fc.assert(
      fc.property(fields, hostile, fc.boolean(), (field, text, isTwice) => {
        const outcome = outcomeOf(schema, formOf({ ...good, [field]: isTwice ? [text, text] : text }));
        if (outcome instanceof AppError) expect(outcome.problem, name).toBe("invalid");
        else expect([name, outcome, unstorable(outcome)]).toEqual([name, { input: expect.anything() }, undefined]);
      }),
      { numRuns: 25 },
    );
  }
});

test("a field that takes JSON is refused by name for what its text turns into", () => {
  const schema = z.object({ note: z.string().transform((text): unknown => JSON.parse(text)) });
  const refusal = outcomeOf(schema, formOf({ note: JSON.stringify({ deep: ["\0"] }) }));
  expect(refusal).toMatchObject({ problem: "invalid", fields: { note: [expect.stringContaining("NUL")] } });
  expect(outcomeOf(schema, formOf({ note: "[1]" }))).toEqual({ input: { note: [1] } });
});

test("a link that was cut off is told of in the form's own words, because no field shows it", () => {
  const withToken = schemas.filter(([, schema]) => "token" in goodFields(schema));
  expect(withToken.length).toBeGreaterThan(3);
  for (const [name, schema] of withToken) {
    const refusal = outcomeOf(schema, formOf({ ...goodFields(schema), token: "cut-off" })) as AppError;
    expect([name, refusal.message]).toEqual([name, "This link is incomplete. Open it from the letter again."]);
  }
});
