import type http from "node:http";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Lets a server answer on connections that the process which owns the port has accepted. */
export class HandedOver {
  readonly #server: http.Server;
  /** Those whose request is on its way or under way. */
  readonly #busy = new Set<Socket>();

  constructor(server: http.Server) {
    this.#server = server;
    server.on("request", ({ socket }, response) => {
      this.#busy.add(socket);
      response.once("close", () => this.#busy.delete(socket));
    });
    server.prependListener("upgrade", ({ socket }) => this.#busy.delete(socket));
  }

  take(socket: Socket): void {
    this.#busy.add(socket);
    socket.once("close", () => this.#busy.delete(socket));
    this.#server.emit("connection", socket);
    socket.resume();
  }

  /** Resolves when everything that was asked is answered. */
  async settle(): Promise<void> {
    while (this.#busy.size > 0) await pause(5);
    this.#server.closeIdleConnections();
  }
}
