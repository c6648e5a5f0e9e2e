import type http from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";

/** How a request is refused. */
export type Refusal = { status: number; text: string; headers?: Record<string, string> };

/** Pages are visited, and their forms posted. */
const methods = ["GET", "HEAD", "POST", "OPTIONS"];
const allow = methods.join(", ");

export const isVisit = ({ method }: http.IncomingMessage): boolean => method === "GET" || method === "HEAD";

/** What is wrong with a request for a page at `host`, where the pages would end with an error or take it for another one. */
export function flawOf(request: http.IncomingMessage, host: string): Refusal | undefined {
  if (!methods.includes(request.method ?? "")) return { status: 405, text: `Pages take ${allow}.`, headers: { allow } };
  // On a kept connection, a body that is announced and not passed on would swallow the next visit.
  if (isVisit(request) && hasBody(request)) return unreadable("A GET request has no body.");
  if (!isPath(request.url ?? "")) return unreadable("The address cannot be read.");
  if (![host, request.headers.host ?? host].every(isHost)) return unreadable("The header host cannot be read.");
  if (!hasRouterState(request)) return unreadable("The header next-router-state-tree cannot be read.");
  return undefined;
}

const unreadable = (text: string): Refusal => ({ status: 400, text });

const hasBody = ({ headers }: http.IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;

const notInPath = /[\p{Cc}\\]/u;

/** A path that is text once decoded, with nothing in it that browsers and servers read differently. */
function isPath(url: string): boolean {
  const [path = ""] = url.split("?", 1);
  try {
    return path.startsWith("/") && !notInPath.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

const hostShape = /^(?:[a-z\d._-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

const isHost = (host: string): boolean => hostShape.test(host) && URL.canParse(`http://${host}`);

/** What the pages' router says of itself can be read, or is not there. */
function hasRouterState({ headers }: http.IncomingMessage): boolean {
  try {
    parseAndValidateFlightRouterState(headers["next-router-state-tree"]);
    return true;
  } catch {
    return false;
  }
}
