import http from "node:http";
import type { AddressInfo } from "node:net";

type Got = { path: string; headers: http.IncomingHttpHeaders; body: string };
/** What a call is answered with: a status, a broken connection after it was taken, or nothing at all. */
export type ServiceFault = number | "lost-reply" | "held";
type Answered = ServiceFault | undefined;

/** For tests: a service of others that takes messages, in this process. It keeps what came. */
export class ServiceServer {
  got: Got[] = [];
  fault: (call: number, path: string, headers: http.IncomingHttpHeaders) => Answered | Promise<Answered> = () =>
    undefined;
  calls = 0;
  url = "";
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
    this.got = [];
    this.calls = 0;
    this.fault = () => undefined;
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    this.calls += 1;
    const path = request.url ?? "";
    const fault = await this.fault(this.calls, path, request.headers);
    if (typeof fault === "number") return void response.writeHead(fault).end("no");
    this.got.push({ path, headers: request.headers, body: Buffer.concat(pieces).toString() });
    if (fault === "lost-reply") return void request.socket.destroy();
    if (fault !== "held") response.writeHead(200).end("ok");
  }
}
