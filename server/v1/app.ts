import { TrieRouter } from "hono/router/trie-router";
import { stopwatch } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { requestSeconds } from "#lib/core/metrics.ts";
import type { ApiRequest, Endpoint } from "#lib/gateway/http/endpoint.ts";
import { send } from "#lib/gateway/http/request.ts";
import { noRoute, toWireError } from "#lib/gateway/http/wire-error.ts";
import { adminAudit } from "./admin/audit.ts";
import { adminKeys } from "./admin/keys.ts";
import { adminLimits } from "./admin/limits.ts";
import { adminUsage } from "./admin/usage.ts";
import { adminUsers } from "./admin/users.ts";
import { adminWorkspaces } from "./admin/workspaces.ts";
import { agentCompletions } from "./agent-completions.ts";
import { agents } from "./agents.ts";
import { completions } from "./completions.ts";
import { conversations } from "./conversations.ts";
import { models } from "./models.ts";
import { openApi, type Route } from "./openapi.ts";

/** Where a resource says what its addresses are. */
export type Routes = {
  get: (path: string, endpoint: Endpoint) => void;
  post: (path: string, endpoint: Endpoint) => void;
  put: (path: string, endpoint: Endpoint) => void;
  patch: (path: string, endpoint: Endpoint) => void;
  delete: (path: string, endpoint: Endpoint) => void;
};

const resources = [
  completions,
  models,
  agentCompletions,
  conversations,
  agents,
  adminUsers,
  adminWorkspaces,
  adminKeys,
  adminLimits,
  adminUsage,
  adminAudit,
] as const;

/**
 * Everything under `/v1`. Hono's router finds the endpoint; its request and response objects are left out, because
 * they cost as much as receiving and answering a request does without them.
 */
export function v1(): (request: ApiRequest) => Promise<void> {
  const router = new TrieRouter<Endpoint>();
  const fixed = new Map<string, Endpoint>();
  const all: Route[] = [];
  const add = (method: string, path: string, endpoint: Endpoint): void => {
    all.push({ method, path, endpoint });
    const timed = measured(method, path, endpoint);
    if (path.includes(":")) router.add(method, path, timed);
    else fixed.set(`${method} ${path}`, timed);
  };
  const routes: Routes = {
    get: (path, endpoint) => add("GET", path, endpoint),
    post: (path, endpoint) => add("POST", path, endpoint),
    put: (path, endpoint) => add("PUT", path, endpoint),
    patch: (path, endpoint) => add("PATCH", path, endpoint),
    delete: (path, endpoint) => add("DELETE", path, endpoint),
  };
  for (const resource of resources) resource(routes);
  routes.get(
    "/v1/openapi.json",
    openApi(() => all),
  );
  return async (request) => {
    const { incoming, outgoing } = request;
    const method = incoming.method ?? "GET";
    const [path = ""] = (incoming.url ?? "/").split("?", 1);
    const endpoint = fixed.get(`${method} ${path}`);
    if (endpoint) return endpoint(request, {});
    const [[found] = []] = router.match(method, path);
    const params = found && decoded(found[1] as Record<string, string>);
    if (found && params) return found[0](request, params);
    // A JSON 404, because clients retry what they cannot parse.
    const { status, body, headers } = params === null ? toWireError(undecodable) : noRoute(method, path);
    send(outgoing, status, body, headers);
    incoming.resume();
  };
}

/** An endpoint that tells how long its answers take. */
function measured(method: string, route: string, endpoint: Endpoint): Endpoint {
  // One object of labels for each status, made once.
  const labels = new Map<number, { method: string; route: string; status: number }>();
  return async (request, params) => {
    const begun = stopwatch();
    await endpoint(request, params);
    const { destroyed, writableEnded, statusCode } = request.outgoing;
    const status = destroyed && !writableEnded ? 499 : statusCode;
    const known = labels.get(status) ?? { method, route, status };
    labels.set(status, known);
    requestSeconds.observe(known, (stopwatch() - begun) / 1000);
  };
}

const undecodable = new AppError("invalid", "The address contains a broken percent-encoding.");

/** Each parameter decoded once; null when one cannot be. */
function decoded(params: Record<string, string>): Record<string, string> | null {
  try {
    for (const name in params) params[name] = decodeURIComponent(params[name] ?? "");
    return params;
  } catch {
    return null;
  }
}
