import http from "node:http";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { DatabaseWatch } from "#db/watch.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { Env } from "#lib/core/env.ts";
import { logError } from "#lib/core/log.ts";
import type { StatusSnapshot } from "#lib/domain/status/view.ts";
import { bodiless } from "#lib/gateway/http/body.ts";
import { answerPage } from "#lib/gateway/http/cors.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { databaseAway } from "#lib/gateway/http/endpoint.ts";
import { send } from "#lib/gateway/http/request.ts";
import { identified, toWireError } from "#lib/gateway/http/wire-error.ts";
import { answerBroken } from "./broken-request.ts";
import { clientAddress } from "./client-address.ts";
import { type Metrics, openMetrics } from "./metrics.ts";
import { notReady, passToConsole, passUpgrade } from "./pages.ts";
import { answerStatus, statusPlace } from "./status/pages.tsx";
import { v1 } from "./v1/app.ts";
import { looksLikeApi, pointToV1 } from "./v1/without-v1.ts";

/** The process that owns the public port: answers programs itself and streams browsers to the console. */
export type Front = {
  port: number;
  /** Lets requests to `/v1` in; before, they get 503. */
  enter: (plane: DataPlane) => void;
  close: () => Promise<void>;
};

/** Which other processes of the installation answer. */
export type PartStates = { console: boolean; worker: boolean };

type Options = {
  env: Env;
  plane?: DataPlane;
  /** What it knows of the database and of other processes; without them, all is taken to be well. */
  watch?: DatabaseWatch;
  parts?: PartStates;
  consolePort: number | undefined;
  /** What the status page says now, and where it is; without it, the page is the console's to refuse. */
  status?: { readonly snapshot: StatusSnapshot | undefined };
  isDev?: boolean;
  receive?: (server: http.Server) => void;
  /** How long a client may send nothing in the middle of a body. */
  silentMs?: number;
};

/**
 * Deadlines of what a client may leave open: its headers, and a connection on which nothing moves. A body may take as long
 * as it takes, because a large file on a slow line takes longer than Node would wait.
 */
const patience = {
  headersTimeout: 30_000,
  requestTimeout: 0,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5000,
};
const idleMs = 600_000;
const silentMost = 60_000;

/** Ends a connection whose client falls silent before its body is complete. */
function endSilent(request: http.IncomingMessage, silentMs: number): void {
  if (bodiless.has(request.method)) return;
  const { socket } = request;
  socket.setTimeout(silentMs);
  request.once("end", () => socket.setTimeout(idleMs));
}

export async function openFront(options: Options): Promise<Front> {
  const { env, watch, consolePort, isDev, receive, silentMs = silentMost } = options;
  const api = v1();
  const proxies = env.TRUSTED_PROXIES;
  let plane = options.plane;
  let metrics = plane && openMetrics(plane);

  const toApi = (incoming: http.IncomingMessage, outgoing: http.ServerResponse): void => {
    if (plane && answerPage({ incoming, outgoing, plane })) return;
    if (!plane || watch?.isAway) refuse(incoming, outgoing);
    else void api({ incoming, outgoing, plane, address: clientAddress(incoming, proxies) });
  };
  const toNoApi = (incoming: http.IncomingMessage, outgoing: http.ServerResponse): void => {
    if (!plane || !answerPage({ incoming, outgoing, plane })) pointToV1(incoming, outgoing);
  };
  /** What this process answers by itself, whatever else is away; false: it is for others. */
  const own = (path: string, response: http.ServerResponse): boolean => {
    if (path === "/health" || path === "/health/api") health(options, plane, path === "/health", response);
    else if (path === "/metrics") void tell(metrics, response);
    else return false;
    return true;
  };
  const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const place = options.status && statusPlace(env, request.headers.host, path);
    if (options.status && place) answerStatus(path, request, response, { snapshot: options.status.snapshot, place });
    else if (/^\/+v1(?:\/|$)/.test(path)) toApi(request, response);
    else if (own(path, response)) return;
    else if (looksLikeApi(request)) toNoApi(request, response);
    else page(request, response, options);
  };

  const server = http.createServer(patience, answer);
  server.timeout = idleMs;
  const connections = connectionsOf(server);
  server.on("request", (request: http.IncomingMessage) => endSilent(request, silentMs));
  server.on("clientError", answerBroken);
  server.on("upgrade", (request, socket, head) => {
    // Only the development server of the pages has anything to upgrade to.
    if (consolePort && isDev) passUpgrade(consolePort, request, socket, head);
    else socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  if (receive) receive(server);
  else await listen(server, env);
  const bound = server.address();
  return {
    port: bound && typeof bound === "object" ? bound.port : env.PORT,
    enter: (opened) => {
      plane = opened;
      metrics = openMetrics(opened);
    },
    close: () => drain(server, connections),
  };
}

function page(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { env, watch, consolePort }: Options,
): void {
  if (!request.url?.startsWith("/"))
    send(response, 400, '{"message":"The address of a request begins with a slash."}', {});
  else if (!consolePort) send(response, 404, '{"message":"This process serves /v1 only."}', {});
  else if (watch?.isAway) notReady(request, response);
  else passToConsole(consolePort, request, response, env);
}

const takenMs = 3000;

/** A front whose supervisor was killed lets go of the port within this time. */
async function listen(server: http.Server, { PORT, HOST }: Env): Promise<void> {
  for (const deadline = stopwatch() + takenMs; ; await pause(100)) {
    const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once("error", resolve);
      server.listen(PORT, HOST, () => {
        server.removeListener("error", resolve);
        resolve(undefined);
      });
    });
    if (!failed) return;
    if (failed.code !== "EADDRINUSE" || stopwatch() > deadline) throw failed;
  }
}

function connectionsOf(server: http.Server): Set<Socket> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return open;
}

/** Stops taking connections and waits for every request under way. */
function drain(server: http.Server, connections: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Browsers open connections ahead of what they might ask; the server would wait a minute for what comes on them.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    // Idle connections would otherwise keep the server open until the clients let go.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.once("close", () => clearInterval(sweep));
    server.closeIdleConnections();
  });
}

function refuse(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { status, body, headers } = toWireError(databaseAway);
  send(response, status, body, identified(headers));
  request.resume();
}

/** Every part that answers need; `/health/api` leaves out those of the pages and of background work. */
function health(
  { watch, parts, consolePort }: Options,
  plane: DataPlane | undefined,
  isWhole: boolean,
  response: http.ServerResponse,
): void {
  const states = {
    database: !watch?.isAway,
    api: plane !== undefined,
    ...(isWhole && parts && { console: !consolePort || parts.console, worker: parts.worker }),
  };
  const isWell = Object.values(states).every(Boolean);
  const told = Object.entries(states).map(([part, isUp]) => [part, isUp ? "ok" : "does not answer"]);
  const body = JSON.stringify({ status: isWell ? "ok" : "unavailable", parts: Object.fromEntries(told) });
  send(response, isWell ? 200 : 503, body, isWell ? {} : { "retry-after": "1" });
}

async function tell(metrics: Metrics | undefined, response: http.ServerResponse): Promise<void> {
  try {
    if (!metrics) return send(response, 503, '{"message":"The metrics are not there yet."}', { "retry-after": "1" });
    send(response, 200, await metrics.text(), { "content-type": metrics.contentType });
  } catch (error) {
    logError("metrics", error);
    send(response, 500, '{"message":"The metrics could not be collected."}', {});
  }
}
