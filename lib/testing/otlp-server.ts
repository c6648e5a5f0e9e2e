import type http from "node:http";
import { gunzipSync } from "node:zlib";
import { LoopbackServer } from "./loopback-server.ts";

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
export class OtlpServer extends LoopbackServer {
  readonly calls: OtlpCall[] = [];
  fault: (call: OtlpCall) => OtlpFault | undefined = () => undefined;

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

  protected take(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): void {
    const call = {
      path: request.url ?? "",
      headers: request.headers,
      text: gunzipSync(body).toString(),
    };
    const fault = this.fault(call);
    if (fault === undefined || fault === "lost" || fault.status === 200) this.calls.push(call);
    if (fault === "lost") return void request.socket.destroy();
    response.writeHead(fault?.status ?? 200, fault?.headers).end(fault?.body ?? "{}");
  }
}

export const attributesOf = ({ attributes }: Span): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
