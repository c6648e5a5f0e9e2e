import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { send } from "#lib/call.ts";
import type { ApiEnv } from "#lib/endpoint.ts";
import { noRoute } from "#lib/wire-error.ts";
import { completions } from "./completions.ts";
import { models } from "./models.ts";

/** Everything under `/v1`. What is not an endpoint is a JSON 404, because clients retry what they cannot parse. */
export function v1(): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  completions(app);
  models(app);
  app.notFound((c) => {
    const { status, body, headers } = noRoute(c.req.method, c.req.path);
    send(c.env.outgoing, status, body, headers);
    c.env.incoming.resume();
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}
