import { TrieRouter } from "hono/router/trie-router";
import { send } from "#lib/call.ts";
import type { ApiRequest, Endpoint } from "#lib/endpoint.ts";
import { AppError } from "#lib/errors.ts";
import { noRoute, toWireError } from "#lib/wire-error.ts";
import { completions } from "./completions.ts";
import { models } from "./models.ts";

/** Where a resource says what its addresses are. */
export type Routes = {
  get: (path: string, endpoint: Endpoint) => void;
  post: (path: string, endpoint: Endpoint) => void;
};

/**
 * Everything under `/v1`. Hono's router finds the endpoint; its request and response objects are left out, because
 * they cost as much as receiving and answering a request does without them.
 */
export function v1(): (request: ApiRequest) => Promise<void> {
  const router = new TrieRouter<Endpoint>();
  const fixed = new Map<string, Endpoint>();
  const add = (method: string, path: string, endpoint: Endpoint): void => {
    if (path.includes(":")) router.add(method, path, endpoint);
    else fixed.set(`${method} ${path}`, endpoint);
  };
  const routes: Routes = {
    get: (path, endpoint) => add("GET", path, endpoint),
    post: (path, endpoint) => add("POST", path, endpoint),
  };
  completions(routes);
  models(routes);
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
