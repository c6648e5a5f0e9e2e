import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "#lib/gateway/http/request.ts";
import { identified, noRoute } from "#lib/gateway/http/wire-error.ts";

/** What programs of the field ask for, when their base URL lacks `/v1`. */
const resources = new Set([
  "chat",
  "completions",
  "responses",
  "embeddings",
  "moderations",
  "models",
  "fim",
  "agents",
  "conversations",
  "files",
  "fine_tuning",
  "batch",
  "batches",
  "classifications",
  "ocr",
  "audio",
  "images",
]);

/** Whether a request outside `/v1` comes from a program that means the API; it gets JSON, not a page. */
export function looksLikeApi({ url = "/", headers }: IncomingMessage): boolean {
  if (/^bearer\s/i.test(headers.authorization ?? "") || headers["x-api-key"] !== undefined) return !isPagesOwn(url);
  const [, first = ""] = pathOf(url).split("/");
  // A page or a part of one is asked for by the console's own program.
  if (!resources.has(first) || headers.rsc !== undefined || headers["next-action"] !== undefined) return false;
  return !(headers.accept ?? "").includes("text/html");
}

const isPagesOwn = (url: string): boolean => url.startsWith("/api/") || url.startsWith("/_next/");

const pathOf = (url: string): string => (url.split("?", 1)[0] ?? "").replace(/\/{2,}/g, "/");

/** Tells a program what its base URL lacks. */
export function pointToV1({ url = "/", method = "GET" }: IncomingMessage, outgoing: ServerResponse): void {
  const path = pathOf(url);
  const meant = `/v1${path.replace(/^\/v1(?=\/|$)/, "")}`.slice(0, 200);
  const hint = `The API's addresses begin with /v1: add /v1 to the base URL, so that this becomes ${meant}.`;
  const { status, body, headers } = noRoute(method, path, hint);
  send(outgoing, status, body, identified(headers));
}
