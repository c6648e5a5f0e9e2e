import http from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with a call: a status instead of the work, or no answer after it was done. */
export type WandbFault = 400 | 401 | 403 | 404 | 409 | 429 | 500 | "lost-reply" | "held";

type Files = Record<string, { offset: number; content: string[] } | undefined>;
type Streamed = { files: Files; exitcode?: number };
type Asked = { query: string; variables: { input?: Record<string, unknown> } };

/** A receiver of runs in this process: it keeps their series and what was wrong with how it was told. */
export class WandbServer {
  readonly runs = new Map<string, Record<string, unknown>>();
  readonly lines: string[] = [];
  readonly problems: string[] = [];
  readonly ends: number[] = [];
  summary: Record<string, number> = {};
  calls = 0;
  url = "";
  fault: (call: number, path: string) => WandbFault | undefined = () => undefined;
  readonly #key: string;
  readonly #server = http.createServer((request, response) => void this.#take(request, response));

  constructor(key: string) {
    this.#key = key;
  }

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

  get steps(): number[] {
    return this.lines.map((line) => JSON.parse(line)._step);
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const path = request.url ?? "";
    this.calls += 1;
    const fault = this.fault(this.calls, path);
    if (typeof fault === "number") return void response.writeHead(fault).end("{}");
    const basic = `Basic ${Buffer.from(`api:${this.#key}`).toString("base64")}`;
    if (request.headers.authorization !== basic) return void response.writeHead(401).end();
    const body = JSON.parse(Buffer.concat(pieces).toString());
    const answer = path === "/graphql" ? this.#answer(body) : this.#stream(path, body);
    if (fault === "lost-reply") return void request.socket.destroy();
    if (fault !== "held") response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer));
  }

  #answer({ query, variables: { input } }: Asked): unknown {
    if (!input) return { data: { viewer: query.includes("viewer") ? { entity: "team" } : null } };
    const { name, modelName, entityName } = input;
    const inserted = !this.runs.has(String(name));
    this.runs.set(String(name), input);
    const bucket = { id: "cnVu", name, project: { name: modelName, entity: { name: entityName } } };
    return { data: { upsertBucket: { bucket, inserted } } };
  }

  #stream(path: string, { files, exitcode }: Streamed): unknown {
    const run = /^\/files\/team\/tunings\/([0-9a-f]{16})\/file_stream$/.exec(path)?.[1];
    if (!run || !this.runs.has(run)) return null;
    if (this.ends.length > 0 && exitcode === undefined) this.problems.push("told of a run that is complete");
    const { "wandb-history.jsonl": history, "wandb-summary.json": summary } = files;
    if (history) this.#keep(history);
    if (summary?.offset === 0) this.summary = JSON.parse(summary.content.at(-1) ?? "{}");
    if (exitcode !== undefined) this.ends.push(exitcode);
    return {};
  }

  #keep({ offset, content }: { offset: number; content: string[] }): void {
    if (offset > this.lines.length) this.problems.push(`a gap before ${offset}`);
    for (const [index, line] of content.entries()) {
      const known = this.lines[offset + index];
      if (known !== undefined && known !== line) this.problems.push(`line ${offset + index} is another`);
      this.lines[offset + index] = line;
    }
  }
}
