import http from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import { clientAddress } from "./client-address.ts";

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
/** The largest form of the console is far below it; files come in through `/v1`. */
const mostBodyBytes = 1_000_000;
/** A year, as browsers' preload lists ask for. */
const httpsOnly = { "strict-transport-security": "max-age=31536000; includeSubDomains" };

/** Streams a request to the Next process. What a client claims about itself in forwarding headers is replaced. */
export function passToConsole(
  port: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  proxies: number,
): void {
  if (Number(request.headers["content-length"] ?? 0) > mostBodyBytes) {
    refuseBody(request, response);
    return;
  }
  const { forwarded: _forwarded, "x-real-ip": _realIp, ...sent } = request.headers;
  const headers = { ...sent, ...forwarding(request, proxies) };
  const isHttps = headers["x-forwarded-proto"] === "https";
  const isVisit = request.method === "GET" || request.method === "HEAD";
  // A kept connection may be closed by the other end just now. A visit is then made again on a new one; what has
  // a body cannot be, so it always gets a connection of its own.
  const options = { host: "127.0.0.1", port, method: request.method, path: request.url, headers };
  const attempt = (agent: http.Agent | false): void => {
    const inner = http.request({ ...options, agent }, (answer) => {
      const guarded = isHttps ? { ...answer.headers, ...httpsOnly } : answer.headers;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, guarded);
      answer.pipe(response);
    });
    inner.once("error", () => {
      if (response.headersSent) response.destroy();
      else if (inner.reusedSocket && !response.destroyed) attempt(false);
      else notReady(response);
    });
    response.once("close", () => inner.destroy());
    if (isVisit) inner.end();
    else passBody(request, response, inner);
  };
  attempt(isVisit ? agent : false);
}

/** A body that did not say how long it is may still be too long. */
function passBody(request: http.IncomingMessage, response: http.ServerResponse, inner: http.ClientRequest): void {
  let size = 0;
  request.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size <= mostBodyBytes) return;
    request.unpipe(inner);
    inner.removeAllListeners("error").on("error", () => {});
    inner.destroy();
    refuseBody(request, response);
  });
  request.pipe(inner);
}

function refuseBody(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (!response.headersSent) {
    response.writeHead(413, { "content-type": "text/plain; charset=utf-8", connection: "close" });
    response.end(`A form may have ${mostBodyBytes} bytes at most.\n`);
  }
  request.removeAllListeners("data").resume();
}

function forwarding(request: http.IncomingMessage, proxies: number): http.OutgoingHttpHeaders {
  const trusted = proxies > 0;
  const proto = trusted ? String(request.headers["x-forwarded-proto"] ?? "http").split(",")[0] : "http";
  const host = trusted ? request.headers["x-forwarded-host"] : undefined;
  return {
    "x-forwarded-for": clientAddress(request, proxies),
    "x-forwarded-host": host ?? request.headers.host ?? "",
    "x-forwarded-proto": proto,
  };
}

function notReady(response: http.ServerResponse): void {
  response.writeHead(503, { "content-type": "text/plain; charset=utf-8", "retry-after": "1" });
  response.end("The console is starting. Try again in a moment.\n");
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
  socket.once("error", () => inner.destroy());
}
