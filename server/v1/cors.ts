import type { IncomingMessage, ServerResponse } from "node:http";

/** For browsers: lets pages of these origins read answers. Keys are sent by the page's program, so no credentials are. */
export function openCors(setting: string | undefined): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const allowed = new Set((setting ?? "").split(",").flatMap((origin) => origin.trim() || []));
  if (allowed.size === 0) return () => undefined;
  return ({ headers, method }, outgoing) => {
    outgoing.setHeader("vary", "origin");
    const { origin } = headers;
    if (origin === undefined || !(allowed.has("*") || allowed.has(origin))) return;
    outgoing.setHeader("access-control-allow-origin", origin);
    outgoing.setHeader("access-control-expose-headers", "*");
    const asked = headers["access-control-request-headers"];
    if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) return;
    outgoing.setHeader("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
    if (asked) outgoing.setHeader("access-control-allow-headers", asked);
    outgoing.setHeader("access-control-max-age", "600");
  };
}
