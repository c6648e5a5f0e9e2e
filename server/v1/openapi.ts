import { z } from "zod";
import { env } from "#lib/core/env.ts";
import { bodiless } from "#lib/gateway/http/body.ts";
import type { About, Endpoint } from "#lib/gateway/http/endpoint.ts";
import { send } from "#lib/gateway/http/request.ts";
import { identified } from "#lib/gateway/http/wire-error.ts";
import { errorResponses, errorsOf } from "./error-types.ts";
import { tagOf, tagsOf } from "./tags.ts";

export type Route = { method: string; path: string; endpoint: Endpoint };

/** Hono's way of writing a parameter, `:id{.+}`, in OpenAPI's, `{id}`. */
const parameter = /:(\w+)(?:\{[^}]*\})?/g;

/** The document that describes the API, made of the schemas that check what is sent to it; anyone may read it. */
export function openApi(routes: () => readonly Route[]): Endpoint {
  let document: string | undefined;
  const serve: Endpoint = async ({ outgoing }) => {
    document ??= JSON.stringify(documentOf(routes()));
    send(outgoing, 200, document, identified());
  };
  const about = { summary: "This document.", key: "none" as const, output: z.looseObject({ openapi: z.string() }) };
  return Object.assign(serve, { about });
}

export function documentOf(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, endpoint } of routes) {
    if (!endpoint.about) continue;
    const address = path.replace(parameter, "{$1}");
    paths[address] = { ...paths[address], [method.toLowerCase()]: operationOf(method, path, endpoint.about) };
  }
  return {
    openapi: "3.1.0",
    info: { title: `${env().PROVIDER_NAME} API`, version: "1" },
    servers: [{ url: env().PUBLIC_URL ?? "/" }],
    tags: tagsOf(Object.keys(paths)),
    components: {
      securitySchemes: {
        api: { type: "http", scheme: "bearer", description: "An API key." },
        admin: { type: "apiKey", in: "header", name: "x-api-key", description: "An admin key." },
        trainer: {
          type: "http",
          scheme: "bearer",
          description: "The token of a worker that trains, made by the operator.",
        },
      },
      schemas: { Error: schemaOf(error, "output") },
      responses: errorResponses({ $ref: "#/components/schemas/Error" }),
    },
    paths,
  };
}

const problem = z.looseObject({
  message: z.string(),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string(),
  doc_url: z.string().describe("The page that explains the error."),
});

/** Both forms at once that programs of the field look for; what is known beside the message stands in it too. */
const error = problem.extend({
  object: z.literal("error"),
  raw_status_code: z.number().int(),
  error: problem,
  detail: z
    .union([
      z.array(
        z.object({
          type: z.string(),
          loc: z.array(z.union([z.string(), z.number()])),
          msg: z.string(),
          ctx: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
      z.string(),
    ])
    .optional(),
});

const schemaOf = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _draft, ...found } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return found;
};

const json = (schema: unknown) => ({ "application/json": { schema } });

function operationOf(method: string, path: string, about: About) {
  const { summary, key, query, input, form, output, file, events } = about;
  const address = path.replace(parameter, "{$1}");
  // Some of the admin API's deletions say in a body of what.
  const takesBody = key === "admin" ? method !== "GET" : !bodiless.has(method);
  const hasBody = input !== undefined && takesBody && Object.keys(properties(input)).length > 0;
  const content = {
    ...(output && json(schemaOf(output, "output"))),
    ...(file && { [file]: { schema: { type: "string", format: "binary" } } }),
    ...(events && { "text/event-stream": { schema: schemaOf(events, "output") } }),
  };
  const said = events
    ? `${done} With stream: true, events whose data have the schema of text/event-stream, or of an Error where it breaks off.`
    : done;
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replace(parameter, "by-$1").replace(/[^a-zA-Z0-9]+(\w)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? "")}`,
    tags: [tagOf(path)],
    security: key === "none" ? [] : [{ [key]: [] }],
    parameters: [...namesIn(path), ...asked(query)],
    ...(form && {
      requestBody: { required: true, content: { "multipart/form-data": { schema: schemaOf(form, "input") } } },
    }),
    ...(hasBody && { requestBody: { required: isNeeded(input), content: json(schemaOf(input, "input")) } }),
    responses: {
      ...(output || file
        ? { "200": { description: said, headers, content } }
        : { "204": { description: done, headers } }),
      ...errorsOf(about, hasBody || form !== undefined, address),
    },
  };
}

const done = "Done.";
const headers = {
  "x-request-id": { description: "The request's id, to quote to support.", schema: { type: "string" } },
  "x-content-retention": {
    description:
      "To an API key: for how long what is asked and answered is kept, `30d`, or `none` under zero retention.",
    schema: { type: "string", enum: ["none", "30d"] },
  },
  "x-ignored-parameters": {
    description: "Names of fields of the request that do nothing, separated by commas.",
    schema: { type: "string" },
  },
};

type Described = { properties?: Record<string, unknown>; required?: string[] };

const properties = (schema: z.ZodType): Record<string, unknown> => {
  const { properties = {} }: Described = schemaOf(schema, "input");
  return properties;
};

const isNeeded = (schema: z.ZodType): boolean => !schema.safeParse({}).success;

const namesIn = (path: string) =>
  [...path.matchAll(parameter)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));

function asked(query: z.ZodType | undefined) {
  const { properties = {}, required = [] }: Described = query ? schemaOf(query, "input") : {};
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}
