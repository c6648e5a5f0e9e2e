import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { renderToStaticMarkup } from "react-dom/server";
import { StatusDocument, worstOf } from "#components/status/status-page.tsx";
import { statusStyle } from "#components/status/status-style.ts";
import { sha256 } from "#lib/core/secrets.ts";
import type { StatusSnapshot } from "#lib/domain/status/view.ts";
import { atom, calendar, rss } from "./feeds.ts";
import { documentOf, isDocumentName } from "./wire.ts";

/** Where the status page is, and everything that belongs to it. */
export const isStatusPath = (path: string): boolean => path === "/status" || path.startsWith("/status/");

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(statusStyle).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const shared = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cache-control": "public, max-age=15",
};

type Body = { type: string; text: string; headers?: Record<string, string> };

const badges = {
  up: ["works", "#2f7d4f"],
  degraded: ["difficulties", "#b7791f"],
  down: ["down", "#b3362b"],
  unknown: ["unknown", "#77726a"],
} as const;

const json = (text: string): Body => ({
  type: "application/json; charset=utf-8",
  text,
  headers: { "access-control-allow-origin": "*" },
});

function bodyOf(path: string, snapshot: StatusSnapshot, url: string): Body | undefined {
  const [, name = ""] = /^\/status\/api\/v2\/(.+)\.json$/.exec(path) ?? [];
  if (isDocumentName(name)) return json(documentOf(name, snapshot, url));
  const [message, color] = badges[worstOf(snapshot.components)];
  const others: Record<string, () => Body> = {
    "/status": () => ({
      type: "text/html; charset=utf-8",
      text: `<!doctype html>${renderToStaticMarkup(<StatusDocument snapshot={snapshot} />)}`,
      headers: { "content-security-policy": policy },
    }),
    "/status/history.atom": () => ({ type: "application/atom+xml; charset=utf-8", text: atom(snapshot, url) }),
    "/status/history.rss": () => ({ type: "application/rss+xml; charset=utf-8", text: rss(snapshot, url) }),
    "/status/maintenance.ics": () => ({ type: "text/calendar; charset=utf-8", text: calendar(snapshot) }),
    "/status/badge.json": () => json(JSON.stringify({ schemaVersion: 1, label: "status", message, color })),
    "/status/badge.svg": () => ({ type: "image/svg+xml; charset=utf-8", text: badge(message, color) }),
  };
  return others[path.replace(/\/+$/, "")]?.();
}

const badge = (message: string, color: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="140" height="20" role="img" aria-label="status: ${message}"><title>status: ${message}</title><rect width="140" height="20" rx="3" fill="#55504a"/><rect x="52" width="88" height="20" rx="3" fill="${color}"/><g fill="#fff" font-family="sans-serif" font-size="11"><text x="8" y="14">status</text><text x="60" y="14">${message}</text></g></svg>`;

/** Answers from memory: no database, no other process and no script is needed. */
export function answerStatus(
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { snapshot, url }: { snapshot: StatusSnapshot | undefined; url: string },
): void {
  incoming.resume();
  const isRead = incoming.method === "GET" || incoming.method === "HEAD";
  const body = isRead && snapshot ? bodyOf(path, snapshot, url) : undefined;
  if (!body) {
    refuse(outgoing, isRead, snapshot === undefined);
    return;
  }
  const etag = `"${sha256(body.text).slice(0, 32)}"`;
  const headers = { ...shared, ...body.headers, "content-type": body.type, etag };
  if (incoming.headers["if-none-match"] === etag) {
    outgoing.writeHead(304, headers).end();
    return;
  }
  outgoing.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body.text) });
  outgoing.end(incoming.method === "HEAD" ? undefined : body.text);
}

function refuse(outgoing: ServerResponse, isRead: boolean, isEarly: boolean): void {
  const [status, words, more] = !isRead
    ? ([405, "The status page is for reading.", { allow: "GET, HEAD" }] as const)
    : isEarly
      ? ([503, "Nothing has been looked at yet. Try again in a minute.", { "retry-after": "10" }] as const)
      : ([404, "There is nothing here. The status page is at /status.", {}] as const);
  const headers = { ...shared, "cache-control": "no-store", "content-type": "text/plain; charset=utf-8", ...more };
  outgoing.writeHead(status, headers).end(words);
}
