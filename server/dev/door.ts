import type { ChildProcess } from "node:child_process";
import net from "node:net";

const unavailable = [
  "HTTP/1.1 503 Service Unavailable",
  "retry-after: 1",
  "connection: close",
  "content-type: text/plain; charset=utf-8",
  "",
  "The server ended. It starts again with the next change of its files.\n",
].join("\r\n");

/** Owns the public port while processes behind it come and go: meanwhile, connections wait for the next one. */
export class Door {
  readonly #server = net.createServer({ pauseOnConnect: true }, (socket) => this.#pass(socket));
  readonly #waiting: net.Socket[] = [];
  #behind: ChildProcess | "starting" | "ended" = "starting";

  async open(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, host, resolve);
    });
    const bound = this.#server.address();
    return bound && typeof bound === "object" ? bound.port : port;
  }

  /** Where connections go from now on, those that wait first. "ended" tells them to try again later. */
  lead(to: ChildProcess | "starting" | "ended"): void {
    this.#behind = to;
    if (to !== "starting") for (const socket of this.#waiting.splice(0)) this.#pass(socket);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#waiting) socket.destroy();
  }

  #pass(socket: net.Socket): void {
    if (this.#behind === "starting") this.#waiting.push(socket);
    else if (this.#behind === "ended") socket.end(unavailable);
    else this.#behind.send("connection", socket, {}, (error) => error && socket.destroy());
  }
}
