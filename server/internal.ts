import { timingSafeEqual } from "node:crypto";
import http from "node:http";
import type { Env } from "#lib/core/env.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import type { InternalCall } from "#lib/core/internal.ts";
import { logError } from "#lib/core/log.ts";
import { internalCalls } from "./internal-calls.ts";

const mostBytes = 64_000;

/** Answers the pages' process of the same server, on loopback. Fronts share the port. */
export async function openInternal({ INTERNAL_PORT: port, INTERNAL_TOKEN: token }: Env): Promise<http.Server | null> {
  if (port === undefined || !token) return null;
  const right = Buffer.from(`Bearer ${token}`);
  const server = http.createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? "");
    const isPages = given.length === right.length && timingSafeEqual(given, right);
    const call = (request.url ?? "").slice(1);
    const run =
      isPages && request.method === "POST" && Object.hasOwn(internalCalls, call) && internalCalls[call as InternalCall];
    if (run) void answer(request, response, run);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  run: (body: unknown) => Promise<unknown>,
): Promise<void> {
  const say = (status: number, said: unknown): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(said));
  };
  try {
    say(200, await run(JSON.parse(await read(request))));
  } catch (error) {
    if (error instanceof AppError) {
      say(httpStatus[error.problem], { problem: error.problem, message: error.message });
      return;
    }
    logError("internal", error);
    say(503, { problem: "unavailable", message: "This could not be opened. Try again in a moment." });
  }
}

async function read(request: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new AppError("too_large", "This is more than the pages ever ask.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
