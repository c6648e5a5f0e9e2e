import type http from "node:http";
import { LoopbackServer } from "./loopback-server.ts";

type Got = { path: string; headers: http.IncomingHttpHeaders; body: string };
/** What a call is answered with: a status, a broken connection after it was taken, or nothing at all. */
export type ServiceFault = number | "lost-reply" | "held";
type Answered = ServiceFault | undefined;

/** For tests: a service of others that takes messages, in this process. It keeps what came. */
export class ServiceServer extends LoopbackServer {
  got: Got[] = [];
  fault: (call: number, path: string, headers: http.IncomingHttpHeaders) => Answered | Promise<Answered> = () =>
    undefined;
  calls = 0;

  reset(): void {
    this.got = [];
    this.calls = 0;
    this.fault = () => undefined;
  }

  protected async take(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): Promise<void> {
    this.calls += 1;
    const path = request.url ?? "";
    const fault = await this.fault(this.calls, path, request.headers);
    if (typeof fault === "number") return void response.writeHead(fault).end("no");
    this.got.push({ path, headers: request.headers, body: body.toString() });
    if (fault === "lost-reply") return void request.socket.destroy();
    if (fault !== "held") response.writeHead(200).end("ok");
  }
}
