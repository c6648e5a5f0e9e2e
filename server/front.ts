import http from "node:http";
import { sql } from "#db/client.ts";
import type { Env } from "#lib/core/env.ts";
import { logError } from "#lib/core/log.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { send } from "#lib/gateway/http/request.ts";
import { clientAddress } from "./client-address.ts";
import { type Metrics, openMetrics } from "./metrics.ts";
import { passToConsole, passUpgrade } from "./pages.ts";
import { v1 } from "./v1/app.ts";

/** The process that owns the public port: answers programs itself and streams browsers to the console. */
export type Front = { port: number; close: () => Promise<void> };

type Options = {
  env: Env;
  plane: DataPlane;
  consolePort: number | undefined;
  /** Takes the place of listening, where another process owns the port. */
  receive?: (server: http.Server) => void;
};

export async function openFront({ env, plane, consolePort, receive }: Options): Promise<Front> {
  const api = v1();
  const metrics = openMetrics(plane);
  const proxies = env.TRUSTED_PROXIES;
  const server = http.createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    const url = request.url ?? "/";
    if (url.startsWith("/v1/") || url === "/v1") {
      void api({ incoming: request, outgoing: response, plane, address: clientAddress(request, proxies) });
    } else if (url === "/health") void health(response);
    else if (url === "/metrics") void tell(metrics, response);
    else if (consolePort) passToConsole(consolePort, request, response, proxies);
    else send(response, 404, '{"message":"This process serves /v1 only."}', {});
  });
  server.on("upgrade", (request, socket, head) => {
    if (consolePort) passUpgrade(consolePort, request, socket, head);
    else socket.destroy();
  });
  if (receive) receive(server);
  else await listen(server, env);
  const bound = server.address();
  return { port: bound && typeof bound === "object" ? bound.port : env.PORT, close: () => drain(server) };
}

const listen = (server: http.Server, { PORT, HOST }: Env): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(PORT, HOST, () => resolve());
  });

/** Stops taking connections and waits for every request under way. */
function drain(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Idle connections would otherwise keep the server open until the clients let go.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.once("close", () => clearInterval(sweep));
    server.closeIdleConnections();
  });
}

async function health(response: http.ServerResponse): Promise<void> {
  try {
    await sql()`select 1`;
    send(response, 200, '{"status":"ok"}', {});
  } catch (error) {
    logError("health", error);
    send(response, 503, '{"status":"the database does not answer"}', { "retry-after": "1" });
  }
}

async function tell({ contentType, text }: Metrics, response: http.ServerResponse): Promise<void> {
  try {
    send(response, 200, await text(), { "content-type": contentType });
  } catch (error) {
    logError("metrics", error);
    send(response, 500, '{"message":"The metrics could not be collected."}', {});
  }
}
