import http from "node:http";
import type { AddressInfo } from "node:net";

/** For tests: a server of others in this process, on loopback. What it does with a call is its heir's to say. */
export abstract class LoopbackServer {
  url = "";
  readonly #server = http.createServer((request, response) => void this.#read(request, response));

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

  protected abstract take(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    body: Buffer,
  ): void | Promise<void>;

  async #read(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    await this.take(request, response, Buffer.concat(pieces));
  }
}
