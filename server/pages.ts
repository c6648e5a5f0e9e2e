import http from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import type { Env } from "#lib/core/env.ts";
import { clientAddress } from "./client-address.ts";
import { flawOf, isVisit, type Refusal } from "./visit.ts";

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
/** The largest form of the console without files is far below it. */
const mostBodyBytes = 1_000_000;
/** What `next.config.mjs` takes of a form with files. */
const mostFormBytes = 11 * 1024 * 1024;
/** Where forms have files: signed orders and agreements, messages about a dispute. */
const fileForms = /^\/(?:staff\/(?:orders|billing\/disputes)|ws_\w+\/organization\/billing\/disputes)(?:[/?]|$)/;

/** Where a file of a ticket comes by itself, before the message it goes with. */
const singleFiles = /^\/(?:staff\/tickets\/tkt_\w+|ws_\w+\/help)\/files(?:\?|$)/;

const mostBytesOf = ({ url = "", headers }: http.IncomingMessage): number => {
  const type = headers["content-type"] ?? "";
  const isForm = fileForms.test(url) && type.startsWith("multipart/form-data");
  const isFile = singleFiles.test(url) && type === "application/octet-stream";
  return isForm || isFile ? mostFormBytes : mostBodyBytes;
};

/** A page that takes longer does not come any more. */
const patienceMs = 120_000;
/** The host of a visitor who names none, as HTTP/1.0 allows. */
const unnamed = "localhost";
/** A year, as browsers' preload lists ask for. */
const httpsOnly = { "strict-transport-security": "max-age=31536000; includeSubDomains" };

/** Meant for one connection (RFC 9110, 7.6.1). Passed on, they would describe another connection than their own. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** What a client claims about itself or about the way here, or asks of this server alone. */
const ownOnly = ["forwarded", "x-real-ip", "expect"];

/** Streams a request to the Next process. What a client claims about itself in forwarding headers is replaced. */
export function passToConsole(
  port: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  env: Pick<Env, "TRUSTED_PROXIES" | "PUBLIC_URL">,
): void {
  const forwarded = forwarding(request, env);
  const flaw = flawOf(request, forwarded["x-forwarded-host"]);
  if (flaw) {
    refuse(request, response, flaw);
    return;
  }
  if (Number(request.headers["content-length"] ?? 0) > mostBytesOf(request)) {
    refuseLength(request, response);
    return;
  }
  const headers: http.OutgoingHttpHeaders = { ...without(request.headers, ownOnly), ...forwarded };
  if (isVisit(request)) delete headers["content-length"];
  send({ port, headers }, request, response);
}

type Passed = { port: number; headers: http.OutgoingHttpHeaders };

function send({ port, headers }: Passed, request: http.IncomingMessage, response: http.ServerResponse): void {
  const isHttps = headers["x-forwarded-proto"] === "https";
  // A kept connection may be closed by the other end just now. A visit is then made again on a new one; what has
  // a body cannot be, so it always gets a connection of its own.
  const options = { host: "127.0.0.1", port, method: request.method, path: request.url, headers, timeout: patienceMs };
  const attempt = (agent: http.Agent | false): void => {
    const inner = http.request({ ...options, agent }, (answer) => {
      const passed = without(answer.headers);
      response.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage,
        isHttps ? { ...passed, ...httpsOnly } : passed,
      );
      answer.pipe(response);
      // An answer that breaks off must not look complete.
      answer.once("error", () => response.destroy());
    });
    inner.once("timeout", () => inner.destroy());
    inner.once("error", () => {
      if (response.headersSent) response.destroy();
      else if (inner.reusedSocket && !response.destroyed) attempt(false);
      else notReady(request, response);
    });
    response.once("close", () => inner.destroy());
    if (isVisit(request)) inner.end();
    else passBody(request, response, inner);
  };
  attempt(isVisit(request) ? agent : false);
}

/** The headers that are for the next hop too: none of one connection, and none of those that `connection` names. */
function without(headers: http.IncomingHttpHeaders, others: readonly string[] = []): http.OutgoingHttpHeaders {
  const passed: http.OutgoingHttpHeaders = { ...headers };
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  for (const name of [...hopByHop, ...named, ...others]) if (name !== "content-length") delete passed[name];
  return passed;
}

/** A body that did not say how long it is may still be too long. */
function passBody(request: http.IncomingMessage, response: http.ServerResponse, inner: http.ClientRequest): void {
  let size = 0;
  const most = mostBytesOf(request);
  request.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size <= most) return;
    request.unpipe(inner);
    inner.removeAllListeners("error").on("error", () => {});
    inner.destroy();
    refuseLength(request, response);
  });
  request.pipe(inner);
}

const refuseLength = (request: http.IncomingMessage, response: http.ServerResponse): void =>
  refuse(request, response, { status: 413, text: `A form may have ${mostBytesOf(request)} bytes at most.` });

function refuse(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { status, text, headers }: Refusal,
): void {
  if (!response.headersSent) {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close", ...headers });
    response.end(`${text}\n`);
  }
  request.removeAllListeners("data").resume();
}

type Forwarding = Record<"x-forwarded-for" | "x-forwarded-host" | "x-forwarded-proto", string>;

/**
 * Where the visitor came from and to. A proxy that passes neither host nor protocol on is made good for by `PUBLIC_URL`,
 * unless the browser says itself that it is at the address it was sent to.
 */
function forwarding(
  request: http.IncomingMessage,
  { TRUSTED_PROXIES: proxies, PUBLIC_URL }: Pick<Env, "TRUSTED_PROXIES" | "PUBLIC_URL">,
): Forwarding {
  const { host: named = unnamed, ...headers } = request.headers;
  const passedOn = (name: string): string =>
    proxies > 0 ? (String(headers[name] ?? "").split(",")[0] ?? "").trim() : "";
  const proto = passedOn("x-forwarded-proto") === "https" ? "https" : "http";
  const host = passedOn("x-forwarded-host") || named;
  const isDirect = request.headers.origin === `${proto}://${host}`;
  const known = PUBLIC_URL && !isDirect ? new URL(PUBLIC_URL) : undefined;
  return {
    "x-forwarded-for": clientAddress(request, proxies),
    "x-forwarded-host": known?.host ?? host,
    "x-forwarded-proto": known?.protocol.slice(0, -1) ?? proto,
  };
}

const waiting = (text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<meta name="color-scheme" content="light dark"><meta http-equiv="refresh" content="3"><title>One moment</title>` +
  `<body style="font:16px/1.5 system-ui;margin:20vh auto;max-width:26rem;padding:0 1rem"><h1 style="font-size:20px">One moment</h1><p>${text}</p></body></html>\n`;

/** A page that tries again by itself, for browsers; a line for everything else. */
export function notReady(request: http.IncomingMessage, response: http.ServerResponse): void {
  const text = "The console cannot answer right now. Nothing is lost; it is tried again in a moment.";
  const isPage = (request.headers.accept ?? "").includes("text/html");
  response.writeHead(503, {
    "content-type": isPage ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
    "retry-after": "2",
    "cache-control": "no-store",
  });
  response.end(isPage && request.method === "GET" ? waiting(text) : `${text}\n`);
  request.resume();
}

/** Upgrades (the development server's live reload) are passed on byte for byte. */
export function passUpgrade(port: number, request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
  const inner = net.connect(port, "127.0.0.1", () => {
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
    inner.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    inner.write(head);
    inner.pipe(socket).pipe(inner);
  });
  inner.once("error", () => socket.destroy());
  inner.once("close", () => socket.destroy());
  socket.once("error", () => inner.destroy());
  socket.once("close", () => inner.destroy());
}
