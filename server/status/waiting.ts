import http from "node:http";
import type { Env } from "#lib/core/env.ts";
import { databaseAway } from "#lib/gateway/http/endpoint.ts";
import { send } from "#lib/gateway/http/request.ts";
import { identified, toWireError } from "#lib/gateway/http/wire-error.ts";
import { notReady } from "#server/pages.ts";
import { answerStatus, statusPlace } from "./pages.tsx";
import { SnapshotFile, statusFolder } from "./snapshot.ts";

/**
 * Holds the public port while the server gets ready, which takes as long as its database is away: the status page says what
 * was known last, and everyone else is told to try again. Where another process has the port, starting says so later.
 */
export async function openWaiting(env: Env): Promise<{ close: () => Promise<void> }> {
  const { PORT, HOST, DATA_DIR } = env;
  const file = new SnapshotFile(statusFolder(DATA_DIR));
  const server = http.createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const place = statusPlace(env, request.headers.host, path);
    if (place) answerStatus(path, request, response, { snapshot: file.read(), place });
    else if (path.startsWith("/v1/") || path.startsWith("/health")) refuse(response);
    else notReady(request, response);
  });
  await new Promise<void>((resolve) => {
    server.once("error", () => resolve());
    server.listen(PORT, HOST, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(response: http.ServerResponse): void {
  const { status, body, headers } = toWireError(databaseAway);
  send(response, status, body, identified(headers));
}
