import http from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import { clientAddress } from "./client-address.ts";

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** Streams a request to the Next process. What a client claims about itself in forwarding headers is replaced. */
export function passToConsole(
  port: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  proxies: number,
): void {
  const { forwarded: _forwarded, "x-real-ip": _realIp, ...sent } = request.headers;
  const headers = { ...sent, ...forwarding(request, proxies) };
  const isVisit = request.method === "GET" || request.method === "HEAD";
  // A kept connection may be closed by the other end just now. A visit is then made again on a new one; what has
  // a body cannot be, so it always gets a connection of its own.
  const options = { host: "127.0.0.1", port, method: request.method, path: request.url, headers };
  const attempt = (agent: http.Agent | false): void => {
    const inner = http.request({ ...options, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
      answer.pipe(response);
    });
    inner.once("error", () => {
      if (response.headersSent) response.destroy();
      else if (inner.reusedSocket && !response.destroyed) attempt(false);
      else notReady(response);
    });
    response.once("close", () => inner.destroy());
    if (isVisit) inner.end();
    else request.pipe(inner);
  };
  attempt(isVisit ? agent : false);
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
