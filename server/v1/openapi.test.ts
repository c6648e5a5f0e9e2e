import fs from "node:fs";
import { expect, test } from "vitest";
import { routesOf } from "./app.ts";
import { errorTypes } from "./error-types.ts";
import { documentOf } from "./openapi.ts";

type Operation = {
  summary: string;
  tags: string[];
  requestBody?: object;
  parameters: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
};
const { paths } = documentOf(routesOf()) as unknown as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, method, path, operation })),
);

test("fine-tuning 42: the document has every route there is", () => {
  const listed = new Set(operations.map(({ name }) => name.replaceAll(/\{\w+\}/g, "{}")));
  const routes = routesOf().map(
    ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:\w+(\{[^}]*\})?/g, "{}")}`,
  );
  expect(routes.filter((route) => !listed.has(route)).toSorted()).toEqual([]);
});

test("every operation says what it answers, and what it can refuse", () => {
  expect(operations.length).toBeGreaterThan(40);
  for (const { name, operation } of operations) {
    const { 200: answered, 204: done, ...errors } = operation.responses;
    expect([name, Boolean(answered) !== Boolean(done)]).toEqual([name, true]);
    const [said] = Object.values(answered?.content ?? {});
    if (answered) expect([name, said?.schema]).toEqual([name, expect.any(Object)]);
    if (Object.keys(errors).length === 1) continue;
    for (const status of ["400", "401", "403", "422", "500", "503"]) expect(Object.keys(errors)).toContain(status);
  }
});

test("what has no body asks for none, and what is in an address is a parameter", () => {
  for (const { name, method, path, operation } of operations) {
    // One way to delete says in a body what.
    const isBodiless = method === "get" || (method === "delete" && !path.endsWith("/remove-users"));
    if (isBodiless) expect([name, operation.requestBody]).toEqual([name, undefined]);
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const listed = operation.parameters.filter((one) => one.in === "path").map((one) => one.name);
    expect([name, listed]).toEqual([name, named]);
  }
});

test("contract 44: each body in JSON has an example, and each operation belongs to a part of the document", () => {
  const document = documentOf(routesOf()) as unknown as { tags: { name: string; description: string }[] };
  const tags = document.tags.map(({ name }) => name);
  for (const { name, operation } of operations) {
    const { content = {} } = (operation.requestBody ?? {}) as { content?: Record<string, { example?: unknown }> };
    const asked = content["application/json"];
    if (asked) expect([name, asked.example]).toEqual([name, expect.any(Object)]);
    expect([name, tags]).toEqual([name, expect.arrayContaining(operation.tags)]);
  }
});

test("what answers with a file says of which type, and everything else answers in JSON", () => {
  const types = operations.flatMap(({ name, operation }) =>
    Object.keys(operation.responses[200]?.content ?? {}).map((type) => ({ name, type })),
  );
  const known = ["application/json", "text/event-stream"];
  const files = types.filter(({ type }) => !known.includes(type)).map(({ name, type }) => `${name}: ${type}`);
  expect(files.toSorted()).toEqual([
    "get /v1/admin/invoices/{id}/pdf: application/pdf",
    "get /v1/files/{id}/content: application/octet-stream",
    "get /v1/files/{id}/link: application/octet-stream",
    "get /v1/files/{id}/report: application/x-ndjson",
    ...["checkpoint", "train/{index}", "valid/{index}"].map(
      (data) => `get /v1/trainer/claims/{claim}/${data}: application/octet-stream`,
    ),
  ]);
});

test("what can be streamed says what its events are", () => {
  const streamed = operations.filter(({ operation }) => operation.responses[200]?.content?.["text/event-stream"]);
  expect(streamed.map(({ name }) => name).sort()).toEqual(
    [
      "post /v1/agents/completions",
      "post /v1/chat/completions",
      "post /v1/completions",
      "post /v1/conversations",
      "post /v1/conversations/{id}",
      "post /v1/conversations/{id}/restart",
      "post /v1/fim/completions",
      "post /v1/responses",
    ].sort(),
  );
});

test("every code an error of the gateway has is documented", () => {
  const nouns = ["agents", "conversations", "files", "fine-tuning", "keys", "organizations", "retention"].map(
    (noun) => `lib/domain/${noun}`,
  );
  const rooms = ["lib/gateway", ...nouns, "server/v1"];
  const files = rooms.flatMap((room) =>
    fs
      .readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes("test"))
      .map((name) => fs.readFileSync(`${room}/${name}`, "utf8")),
  );
  const made = files.flatMap((text) =>
    [...text.matchAll(/new AppError\([^;]*?code: "(\w+)"/gs)].map(([, code]) => code ?? ""),
  );
  expect(made.length).toBeGreaterThan(20);
  const known = Object.values(errorTypes).flat();
  expect([...new Set(made)].filter((code) => !known.includes(code))).toEqual([]);
});

test("the document stands by itself: every reference leads somewhere, and every operation has a name of its own", () => {
  const document = documentOf(routesOf()) as unknown as Record<string, unknown>;
  const text = JSON.stringify(document);
  for (const [, reference = ""] of text.matchAll(/"\$ref":"#\/([^"]*)"/g)) {
    const found = reference.split("/").reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], document);
    expect([reference, found]).toEqual([reference, expect.anything()]);
  }
  const names = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, name]) => name);
  expect(names).toHaveLength(operations.length);
  expect(new Set(names).size).toBe(names.length);
});
