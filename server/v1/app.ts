import { TrieRouter } from "hono/router/trie-router";
import { z } from "zod";
import { stopwatch } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { requestSeconds } from "#lib/core/metrics.ts";
import { isStorable } from "#lib/core/stored-text.ts";
import type { ApiRequest, Endpoint } from "#lib/gateway/http/endpoint.ts";
import { send } from "#lib/gateway/http/request.ts";
import { identified, noRoute, toWireError, type WireError, wrongMethod } from "#lib/gateway/http/wire-error.ts";
import { adminAudit } from "./admin/audit.ts";
import { adminBilling } from "./admin/billing.ts";
import { adminContract } from "./admin/contract.ts";
import { adminDeadlines } from "./admin/deadlines.ts";
import { adminEndUsers } from "./admin/end-users.ts";
import { adminExports } from "./admin/exports.ts";
import { adminIntegrations } from "./admin/integrations.ts";
import { adminInvoices } from "./admin/invoices.ts";
import { adminKeys } from "./admin/keys.ts";
import { adminLimits } from "./admin/limits.ts";
import { adminModels } from "./admin/models.ts";
import { adminPrivacy } from "./admin/privacy.ts";
import { adminStaffAccess } from "./admin/staff-access.ts";
import { adminTickets } from "./admin/tickets.ts";
import { adminUsage } from "./admin/usage.ts";
import { adminUsers } from "./admin/users.ts";
import { adminWebOrigins } from "./admin/web-origins.ts";
import { adminWorkspaces } from "./admin/workspaces.ts";
import { adminZeroRetention } from "./admin/zero-retention.ts";
import { agentCompletions } from "./agent-completions.ts";
import { agents } from "./agents.ts";
import { batches } from "./batch.ts";
import { completions } from "./completions.ts";
import { conversations } from "./conversations.ts";
import { fileWork } from "./file-work.ts";
import { files } from "./files.ts";
import { fineTuningJobs } from "./fine-tuning.ts";
import { models } from "./models.ts";
import { moderations } from "./moderations.ts";
import { openApi, type Route } from "./openapi.ts";
import { responses } from "./responses.ts";
import { trainer } from "./trainer.ts";
import { tunedModels } from "./tuned-models.ts";
import { uploads } from "./uploads.ts";

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
  responses,
  moderations,
  models,
  agentCompletions,
  conversations,
  agents,
  files,
  fileWork,
  uploads,
  batches,
  fineTuningJobs,
  tunedModels,
  trainer,
  adminUsers,
  adminWorkspaces,
  adminKeys,
  adminLimits,
  adminBilling,
  adminInvoices,
  adminModels,
  adminUsage,
  adminAudit,
  adminContract,
  adminPrivacy,
  adminEndUsers,
  adminExports,
  adminWebOrigins,
  adminTickets,
  adminStaffAccess,
  adminZeroRetention,
  adminDeadlines,
  adminIntegrations,
] as const;

/** Every address with what answers it. */
export function routesOf(): Route[] {
  const all: Route[] = [];
  const add = (method: string) => (path: string, endpoint: Endpoint) => {
    all.push({ method, path, endpoint });
  };
  const routes: Routes = {
    get: add("GET"),
    post: add("POST"),
    put: add("PUT"),
    patch: add("PATCH"),
    delete: add("DELETE"),
  };
  for (const resource of resources) resource(routes);
  routes.get(
    "/v1/openapi.json",
    openApi(() => all),
  );
  routes.get("/v1", pointer);
  return all;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/**
 * Everything under `/v1`. Hono's router finds the endpoint; its request and response objects are left out, because
 * they cost as much as receiving and answering a request does without them.
 */
export function v1(): (request: ApiRequest) => Promise<void> {
  const router = new Router();
  for (const { method, path, endpoint } of routesOf()) router.add(method, path, measured(method, path, endpoint));
  return async (request) => {
    const { incoming, outgoing } = request;
    const method = incoming.method ?? "GET";
    const [path = ""] = (incoming.url ?? "/").split("?", 1);
    const found = router.find(method, path);
    if (found?.params) return found.endpoint(request, found.params);
    const { status, body, headers } = found ? toWireError(undecodable) : unfound(router, method, plain(path));
    send(outgoing, status, body, identified(headers));
    incoming.resume();
  };
}

type Found = { endpoint: Endpoint; params: Record<string, string> | null };

class Router {
  readonly #fixed = new Map<string, Endpoint>();
  readonly #trie = new TrieRouter<Endpoint>();

  add(method: string, path: string, endpoint: Endpoint): void {
    if (path.includes(":")) this.#trie.add(method, path, endpoint);
    else this.#fixed.set(`${method} ${path}`, endpoint);
  }

  find(asked: string, path: string): Found | undefined {
    // The body of an answer to HEAD is left out by Node.
    const method = asked === "HEAD" ? "GET" : asked;
    const tidy = plain(path);
    const fixed = this.#fixed.get(`${method} ${path}`) ?? this.#fixed.get(`${method} ${tidy}`);
    if (fixed) return { endpoint: fixed, params: {} };
    const [[found] = []] = this.#trie.match(method, tidy);
    return found && { endpoint: found[0], params: decoded(found[1] as Record<string, string>) };
  }

  methodsOf(path: string): string[] {
    return methods.filter((method) => this.find(method, path)).flatMap((one) => (one === "GET" ? [one, "HEAD"] : one));
  }
}

/** An address without what clients add by mistake: slashes at its end, and two where one belongs. */
const plain = (path: string): string =>
  path.includes("//") || path.endsWith("/") ? path.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1") : path;

/** A JSON answer, because clients retry what they cannot parse. */
function unfound(router: Router, method: string, path: string): Pick<WireError, "status" | "body" | "headers"> {
  const known = router.methodsOf(path);
  const allow = [...known, "OPTIONS"].join(", ");
  if (known.length > 0) {
    return method === "OPTIONS" ? { status: 204, body: "", headers: { allow } } : wrongMethod(method, path, allow);
  }
  const isTwice = path.startsWith("/v1/v1");
  return noRoute(method, path, isTwice ? "The address has /v1 twice: take it out of the base URL once." : undefined);
}

const pointer: Endpoint = async ({ outgoing }) => {
  const body = { object: "api", version: "v1", openapi: "/v1/openapi.json", models: "/v1/models" };
  send(outgoing, 200, JSON.stringify(body), identified());
};
pointer.about = {
  summary: "Where the API is described.",
  key: "none",
  output: z.object({ object: z.literal("api"), version: z.string(), openapi: z.string(), models: z.string() }),
};

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

const undecodable = new AppError("invalid", "The address contains a broken percent-encoding, or a NUL character.");

/** Each parameter decoded once; null when one cannot be, or is what no id is. */
function decoded(params: Record<string, string>): Record<string, string> | null {
  try {
    for (const name in params) params[name] = decodeURIComponent(params[name] ?? "");
    return Object.values(params).every(isStorable) ? params : null;
  } catch {
    return null;
  }
}
