import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { checkedFetch, checkerOf } from "../../lib/testing/openapi.ts";

type Exchange = { method: string; path: string; status: number };

/** What one connection says of itself, or what holds for the body only as it was sent. */
const ofConnection =
  /^(connection|keep-alive|transfer-encoding|content-length|content-encoding|host|expect|upgrade.*|http2-settings)$/i;

const passedOn = (headers: Iterable<[string, string]>): [string, string][] =>
  [...headers].filter(([name]) => !ofConnection.test(name));

/**
 * A server before ours for clients that take no fetch. It holds what they ask and get to the document of the API, and
 * keeps what differs as a sentence.
 */
export async function startCheckingProxy(target: string) {
  const faults: string[] = [];
  const exchanges: Exchange[] = [];
  const checked = checkedFetch(await checkerOf(target));

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    const left = new AbortController();
    response.once("close", () => left.abort());
    const body = await buffer(request);
    const headers = passedOn(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const init = { method, headers, signal: left.signal, ...(body.length === 0 ? {} : { body: new Uint8Array(body) }) };
    const answer = await checked(`${target}${path}`, init);
    exchanges.push({ method, path, status: answer.status });
    response.writeHead(answer.status, Object.fromEntries(passedOn(answer.headers)));
    response.flushHeaders();
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
    else response.end();
  }

  const server = http.createServer((request, response) => {
    pass(request, response).catch((fault: Error & { code?: string }) => {
      // A client may leave.
      if (fault.name !== "AbortError" && fault.code !== "ERR_STREAM_PREMATURE_CLOSE") faults.push(fault.message);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    exchanges,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
