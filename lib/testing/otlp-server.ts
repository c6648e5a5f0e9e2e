import http from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What a call is answered with instead of 200; "lost" takes it and gives no answer. */
export type OtlpFault = { status: number; headers?: Record<string, string>; body?: string } | "lost";

type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
};
export type OtlpCall = { path: string; headers: http.IncomingHttpHeaders; text: string };

/** For tests: a receiver of OTLP over HTTP as JSON, which keeps every call and what arrived with it. */
export class OtlpServer {
  readonly calls: OtlpCall[] = [];
  url = "";
  fault: (call: OtlpCall) => OtlpFault | undefined = () => undefined;
  readonly #server = http.createServer((request, response) => void this.#take(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  reset(): void {
    this.calls.length = 0;
    this.fault = () => undefined;
  }

  to(path: string): OtlpCall[] {
    return this.calls.filter((call) => call.path.endsWith(path));
  }

  /** The spans of usage that arrived, as often as they did. */
  get spans(): Span[] {
    const messages = this.to("/v1/traces").map(({ text }) => JSON.parse(text));
    const all: Span[] = messages.flatMap(({ resourceSpans }) => resourceSpans[0].scopeSpans[0].spans);
    return all.filter(({ name }) => name !== "comptoir.test");
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const call = {
      path: request.url ?? "",
      headers: request.headers,
      text: gunzipSync(Buffer.concat(pieces)).toString(),
    };
    const fault = this.fault(call);
    if (fault === undefined || fault === "lost" || fault.status === 200) this.calls.push(call);
    if (fault === "lost") return void request.socket.destroy();
    response.writeHead(fault?.status ?? 200, fault?.headers).end(fault?.body ?? "{}");
  }
}

export const attributesOf = ({ attributes }: Span): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
