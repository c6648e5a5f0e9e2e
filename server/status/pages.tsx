import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { renderToStaticMarkup } from "react-dom/server";
import { StatusDocument, worstOf } from "#components/status/status-page.tsx";
import { statusStyle } from "#components/status/status-style.ts";
import type { Env } from "#lib/core/env.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { sha256 } from "#lib/core/secrets.ts";
import type { StatusSnapshot } from "#lib/domain/status/view.ts";
import { atom, calendar, rss } from "./feeds.ts";
import { documentNames, documentOf } from "./wire.ts";

/** Where the status page is: what comes before the names of its files, and its address. */
export type StatusPlace = { base: string; url: string };

const ownAddress = (host: string): string => `${new URL(publicLink("/")).protocol}//${host}`;

/** The page copied to the root of another host: names are relative, and feeds name where it is meant to be read. */
export const mirrored = ({ STATUS_HOST }: Env): StatusPlace => ({
  base: ".",
  url: STATUS_HOST === undefined ? publicLink("/status") : ownAddress(STATUS_HOST),
});

/** The place a request means; undefined: it is for something else. Where a host is set for it, that is at its root as well. */
export function statusPlace({ STATUS_HOST }: Env, host: string | undefined, path: string): StatusPlace | undefined {
  if (STATUS_HOST !== undefined && host?.toLowerCase().replace(/:\d+$/, "") === STATUS_HOST)
    return { base: "", url: ownAddress(STATUS_HOST) };
  const isIts = path === "/status" || path.startsWith("/status/");
  return isIts ? { base: "/status", url: publicLink("/status") } : undefined;
}

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

export type StatusFile = { name: string; type: string; text: string; headers?: Record<string, string> };

type Maker = (snapshot: StatusSnapshot, place: StatusPlace) => Body;

const badgeOf = ({ components }: StatusSnapshot): readonly [string, string] => badges[worstOf(components)];

const makers: Readonly<Record<string, Maker>> = {
  "": (snapshot, { base }) => ({
    type: "text/html; charset=utf-8",
    text: `<!doctype html>${renderToStaticMarkup(<StatusDocument snapshot={snapshot} base={base} console={publicLink("/")} />)}`,
    headers: { "content-security-policy": policy },
  }),
  "history.atom": (snapshot, { url }) => ({ type: "application/atom+xml; charset=utf-8", text: atom(snapshot, url) }),
  "history.rss": (snapshot, { url }) => ({ type: "application/rss+xml; charset=utf-8", text: rss(snapshot, url) }),
  "maintenance.ics": (snapshot) => ({ type: "text/calendar; charset=utf-8", text: calendar(snapshot) }),
  "badge.json": (snapshot) => {
    const [message, color] = badgeOf(snapshot);
    return json(JSON.stringify({ schemaVersion: 1, label: "status", message, color }));
  },
  "badge.svg": (snapshot) => ({ type: "image/svg+xml; charset=utf-8", text: badge(...badgeOf(snapshot)) }),
  ...Object.fromEntries(
    documentNames.map((name): [string, Maker] => [
      `api/v2/${name}.json`,
      (snapshot, { url }) => json(documentOf(name, snapshot, url)),
    ]),
  ),
};

/** Everything there is at the status page, for a copy elsewhere. */
export const statusFiles = (snapshot: StatusSnapshot, place: StatusPlace): StatusFile[] =>
  Object.entries(makers).map(([name, make]) => ({ name: name || "index.html", ...make(snapshot, place) }));

function bodyOf(path: string, snapshot: StatusSnapshot, place: StatusPlace): Body | undefined {
  const name = path.slice(place.base.length).replace(/^\/+|\/+$/g, "");
  return Object.hasOwn(makers, name) ? makers[name]?.(snapshot, place) : undefined;
}

const badge = (message: string, color: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="140" height="20" role="img" aria-label="status: ${message}"><title>status: ${message}</title><rect width="140" height="20" rx="3" fill="#55504a"/><rect x="52" width="88" height="20" rx="3" fill="${color}"/><g fill="#fff" font-family="sans-serif" font-size="11"><text x="8" y="14">status</text><text x="60" y="14">${message}</text></g></svg>`;

/** Answers from memory: no database, no other process and no script is needed. */
export function answerStatus(
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { snapshot, place }: { snapshot: StatusSnapshot | undefined; place: StatusPlace },
): void {
  incoming.resume();
  const isRead = incoming.method === "GET" || incoming.method === "HEAD";
  const body = isRead && snapshot ? bodyOf(path, snapshot, place) : undefined;
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
      : ([404, "There is nothing here. See the status page.", {}] as const);
  const headers = { ...shared, "cache-control": "no-store", "content-type": "text/plain; charset=utf-8", ...more };
  outgoing.writeHead(status, headers).end(words);
}
