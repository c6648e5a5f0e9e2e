import { DrizzleQueryError } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { trailOf } from "./error-trail.ts";
import { AppError, Fault } from "./errors.ts";

const canary = "canary of a prompt";

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test.each<[string, unknown]>([
  ["a parser", thrownBy(() => JSON.parse(`{"${canary}`))],
  ["the engine", thrownBy(() => Object.assign(canary, { length: 1 }))],
  [
    "a schema",
    thrownBy(() =>
      z
        .object({ [canary]: z.string() })
        .strict()
        .parse({ x: canary }),
    ),
  ],
  [
    "the database",
    Object.assign(new Error(`invalid input syntax: "${canary}"`), { code: "22P02", detail: canary, where: canary }),
  ],
  ["a query", new DrizzleQueryError("select $1", [canary], new Error(canary))],
  ["a message that looks like a frame", new Error(`x\n    at ${canary} (file.ts:1:1)`)],
  ["a name", Object.assign(new Error(""), { name: canary, code: canary })],
  ["a cause", new Error("outer", { cause: new Error(canary) })],
  ["a cause that is a text", new Fault("Ours.", { cause: canary })],
  ["no error", canary],
])("T-4.2.2.2-ZDR4: what %s says of what it was given is not in the log", (_whose, error) => {
  expect(trailOf(error)).not.toContain("canary");
});

test("T-4.2.2.2-ZDR4: whatever an error of others says, none of it is in the log", () => {
  const said = fc.string({ unit: "binary", minLength: 8 }).map((text) => `canary${text}`);
  fc.assert(
    fc.property(said, said, (message, code) => {
      expect(trailOf(Object.assign(new RangeError(message), { code: `${code} ` }))).not.toContain("canary");
    }),
  );
});

test("what helps is there: class, codes, tables, the text of a query, frames of ours, causes, and words of our own", () => {
  const taken = Object.assign(new Error("duplicate key"), {
    code: "23505",
    table_name: "keys",
    constraint_name: "keys_hash",
  });
  const trail = trailOf(
    new AppError("conflict", "It is taken.", { cause: new DrizzleQueryError("insert $1", ["x"], taken) }),
  );
  expect(trail).toMatch(/^AppError \[code conflict\]: It is taken\.\n {4}at .*error-trail\.test\.ts/);
  expect(trail).toContain("caused by DrizzleQueryError: Failed query: insert $1\n");
  expect(trail).toContain("caused by Error [code 23505, table keys, constraint keys_hash]\n");
  expect(trail).not.toContain("node_modules");
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), {
    code: "ECONNREFUSED",
    syscall: "connect",
    port: 5432,
  });
  expect(trailOf(refused)).toMatch(/^Error \[code ECONNREFUSED, syscall connect, port 5432\]/);
});
