import { z } from "zod";
import { env } from "#lib/core/env.ts";
import type { About, Endpoint } from "#lib/gateway/http/endpoint.ts";
import { send } from "#lib/gateway/http/request.ts";
import { identified } from "#lib/gateway/http/wire-error.ts";

export type Route = { method: string; path: string; endpoint: Endpoint };

/** Hono's way of writing a parameter, `:id{.+}`, in OpenAPI's, `{id}`. */
const parameter = /:(\w+)(?:\{[^}]*\})?/g;

/** The document that describes the API, made of the schemas that check what is sent to it; anyone may read it. */
export function openApi(routes: () => readonly Route[]): Endpoint {
  let document: string | undefined;
  return async ({ outgoing }) => {
    document ??= JSON.stringify(documentOf(routes()));
    send(outgoing, 200, document, identified());
  };
}

function documentOf(routes: readonly Route[]) {
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
    components: {
      securitySchemes: {
        api: { type: "http", scheme: "bearer", description: "An API key." },
        admin: { type: "apiKey", in: "header", name: "x-api-key", description: "An admin key." },
      },
      schemas: { Error: schemaOf(error, "output") },
    },
    paths,
  };
}

const error = z.object({
  object: z.literal("error"),
  message: z.string(),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string(),
  raw_status_code: z.number().int(),
});

const schemaOf = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _draft, ...found } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return found;
};

const json = (schema: unknown) => ({ "application/json": { schema } });

function operationOf(method: string, path: string, { summary, key, query, input, output }: About) {
  const named = [...path.matchAll(parameter)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const { properties = {}, required = [] } = query ? schemaOf(query, "input") : {};
  const asked = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
  const hasBody = input !== undefined && method !== "GET";
  const isNothing = output === undefined && (key === "admin" || method === "DELETE");
  const answer = { description: "Done.", ...(output && { content: json(schemaOf(output, "output")) }) };
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replace(parameter, "by-$1").replace(/[^a-zA-Z0-9]+(\w)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? "")}`,
    security: [{ [key]: [] }],
    parameters: [...named, ...asked],
    ...(hasBody && { requestBody: { required: true, content: json(schemaOf(input, "input")) } }),
    responses: {
      [isNothing ? "204" : "200"]: answer,
      default: { description: "What is wrong.", content: json({ $ref: "#/components/schemas/Error" }) },
    },
  };
}
