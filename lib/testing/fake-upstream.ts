import http from "node:http";
import type { AddressInfo } from "node:net";
import { type FakeAnswer, type FakeStyle, wholeAnswer, wireEvents } from "./fake-wire.ts";

export type { FakeAnswer, FakeStyle } from "./fake-wire.ts";

export type FakeRequest = {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** True once the client left before the answer was complete. */
  aborted: boolean;
  /** Resolves when the answer is complete or the client has left. */
  closed: Promise<void>;
};

export type FakeUpstreamOptions = {
  style?: FakeStyle;
  port?: number;
  /** What to answer; a function may answer each request in its own way. `count` starts at 1. */
  answer?: FakeAnswer | ((request: FakeRequest, count: number) => FakeAnswer);
  /** Off for load tests, where remembering every request would be the bottleneck. */
  record?: boolean;
};

export type FakeUpstream = {
  /** Base address including `/v1`. */
  url: string;
  requests: FakeRequest[];
  /** Resolves with the request of that number (from 1) once it has arrived. */
  arrival(count: number): Promise<FakeRequest>;
  close(): Promise<void>;
};

/** An OpenAI-compatible inference server in this process, with the habits and failures of real ones. */
export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const { style = "vllm", port = 0, answer = {}, record = true } = options;
  const requests: FakeRequest[] = [];
  const waiting: (() => void)[] = [];
  let count = 0;

  const server = http.createServer(async (request, response) => {
    const taken = await receive(request, response);
    count++;
    if (record) requests.push(taken);
    for (const wake of waiting.splice(0)) wake();
    await reply(response, taken, style, typeof answer === "function" ? answer(taken, count) : answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    async arrival(wanted) {
      for (;;) {
        const found = requests[wanted - 1];
        if (found) return found;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const taken: FakeRequest = {
    path: request.url ?? "",
    headers: request.headers,
    body: text === "" ? {} : JSON.parse(text),
    aborted: false,
    closed: new Promise((resolve) => {
      response.once("close", () => {
        taken.aborted = !response.writableFinished;
        resolve();
      });
    }),
  };
  return taken;
}

async function reply(
  response: http.ServerResponse,
  request: FakeRequest,
  style: FakeStyle,
  answer: FakeAnswer,
): Promise<void> {
  await paused(answer.delayMs);
  if (answer.failure === "hang") return;
  if (answer.failure === "drop") return void response.destroy();
  if (answer.broken !== undefined) return void response.end(answer.broken);
  if (answer.status !== undefined && answer.status !== 200) return refuse(response, answer);
  if (request.body.stream === true && answer.raw === undefined) return streamReply(response, request, style, answer);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.raw ?? wholeAnswer(request.path, request.body, style, answer)));
}

function refuse(
  response: http.ServerResponse,
  { status = 500, headers, raw, message = "something internal" }: FakeAnswer,
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(raw ?? { error: { message, type: "error", param: null, code: status } }));
}

async function streamReply(
  response: http.ServerResponse,
  request: FakeRequest,
  style: FakeStyle,
  answer: FakeAnswer,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  await paused(answer.silenceMs);
  const events = wireEvents(request.body, style, answer);
  if (!answer.paceMs && !answer.failure) return void response.end(events.join(""));
  const sent = answer.failure ? events.slice(0, answer.failAfter ?? 1) : events;
  for (const event of sent) {
    if (response.destroyed) return;
    response.write(event);
    await paused(answer.paceMs);
  }
  if (answer.failure === "error-in-stream") {
    response.end(`data: ${JSON.stringify({ error: { message: "internal detail", code: 500 } })}\n\n`);
  } else if (answer.failure === "drop-in-stream") {
    // Whole pieces must have left before the connection breaks, or the client would see none of them.
    setImmediate(() => response.destroy());
  } else if (answer.failure !== "hang-in-stream") {
    response.end();
  }
}

const paused = (ms = 0): Promise<void> | undefined =>
  ms === 0
    ? undefined
    : new Promise((resolve) => {
        setTimeout(resolve, ms);
      });
