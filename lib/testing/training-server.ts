import http from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with a call: `lost-*` breaks the connection before or after the work is done. */
export type ServerFault = "lost-request" | "lost-reply" | "failed-before" | "failed-after" | "busy" | "garbage";

export type ServerCall = { count: number; method: string; path: string };

export type TrainingServerOptions = {
  dialect: "openai" | "mistral";
  fault?: (call: ServerCall) => ServerFault | undefined;
  /** How its jobs end. */
  end?: "succeeded" | "failed";
  failure?: Record<string, unknown>;
  /** Tells how long its lists take to show what is new, in calls. */
  listsAfter?: number;
};

type StoredFile = { id: string; filename: string; content: string; since: number };
type StoredJob = { id: string; body: Record<string, unknown>; polls: number; isCancelled: boolean; since: number };

const steps = [10, 20, 30];
/** Polls before it runs, and for each of its checkpoints. */
const waitingPolls = 2;
const trainedTokens = 4321;

/** A server with a fine-tuning API in this process: stateful, and with the failures of real ones. */
export class TrainingServer {
  readonly files = new Map<string, StoredFile>();
  readonly jobs = new Map<string, StoredJob>();
  readonly models = new Set<string>();
  /** Everything that was ever made. */
  readonly made = { files: [] as StoredFile[], jobs: [] as StoredJob[] };
  readonly calls: ServerCall[] = [];
  url = "";
  options: TrainingServerOptions;
  readonly #server: http.Server;

  constructor(options: TrainingServerOptions) {
    this.options = options;
    this.#server = http.createServer((request, response) => void this.#take(request, response));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? "/", "http://server");
    const path = url.pathname.replace(/^\/v1/, "");
    const call = { count: this.calls.length + 1, method: request.method ?? "GET", path };
    this.calls.push(call);
    const fault = this.options.fault?.(call);
    if (fault === "lost-request") return void response.destroy();
    if (fault === "failed-before") return send(response, 500, { error: { message: "out of order" } });
    if (fault === "busy") return send(response, 429, { error: { message: "later" } });
    const { status, body } = this.#answer(call, url, Buffer.concat(pieces).toString("utf8"));
    if (fault === "lost-reply") return void response.destroy();
    if (fault === "failed-after") return send(response, 502, { error: { message: "out of order" } });
    if (fault === "garbage") return void response.writeHead(200).end("<html>");
    send(response, status, body);
  }

  #answer({ method, path }: ServerCall, url: URL, text: string): { status: number; body: unknown } {
    const [, noun = "", id = "", verb = ""] = path.replace("/fine_tuning", "").split("/").map(decodeURIComponent);
    const body =
      noun === "jobs"
        ? this.#answerOfJobs(method, id, verb, url, text)
        : this.#answerOfThings(method, noun, id, url, text);
    return body ? { status: 200, body } : { status: 404, body: { error: { message: "no such thing" } } };
  }

  #answerOfThings(method: string, noun: string, id: string, url: URL, text: string): unknown {
    if (method === "DELETE")
      return (noun === "files" ? this.files : this.models).delete(id) ? { id, deleted: true } : null;
    return method === "POST" ? this.#addFile(text) : { data: this.#listFiles(url), total: 1 };
  }

  #answerOfJobs(method: string, id: string, verb: string, url: URL, text: string): unknown {
    if (id === "") return method === "POST" ? this.#addJob(JSON.parse(text)) : { data: this.#listJobs(url) };
    const job = this.jobs.get(id);
    if (!job) return null;
    if (verb === "events") return { data: this.#eventsOf(job) };
    if (verb === "checkpoints") return { data: this.#checkpointsOf(job) };
    if (verb === "cancel") job.isCancelled = true;
    else job.polls++;
    return this.#viewOf(job);
  }

  #addFile(text: string): unknown {
    const filename = /filename="([^"]+)"/.exec(text)?.[1] ?? "";
    const from = text.indexOf("\r\n\r\n", text.indexOf("filename=")) + 4;
    const content = text.slice(from, text.lastIndexOf("\r\n--"));
    const file = { id: `file-${this.made.files.length + 1}`, filename, content, since: this.calls.length };
    this.files.set(file.id, file);
    this.made.files.push(file);
    return { id: file.id, filename, bytes: content.length };
  }

  #isListed({ since }: { since: number }): boolean {
    return this.calls.length - since > (this.options.listsAfter ?? 0);
  }

  #listFiles(url: URL): unknown[] {
    const search = url.searchParams.get("search") ?? "";
    return [...this.files.values()]
      .filter((file) => this.#isListed(file) && file.filename.includes(search))
      .map(({ id, filename }) => ({ id, filename }));
  }

  #addJob(body: Record<string, unknown>): unknown {
    const job = {
      id: `job-${this.made.jobs.length + 1}`,
      body,
      polls: 0,
      isCancelled: false,
      since: this.calls.length,
    };
    this.jobs.set(job.id, job);
    this.made.jobs.push(job);
    return this.#viewOf(job);
  }

  #listJobs(url: URL): unknown[] {
    const suffix = url.searchParams.get("suffix");
    const found = [...this.jobs.values()].filter((job) => this.#isListed(job));
    return found.filter(({ body }) => suffix === null || body.suffix === suffix).map((job) => this.#viewOf(job));
  }

  #stepOf({ polls, isCancelled }: StoredJob): number {
    const ran = Math.min(steps.length, Math.max(0, (isCancelled ? polls - 1 : polls) - waitingPolls));
    return ran === 0 ? 0 : (steps[ran - 1] ?? 0);
  }

  #statusOf(job: StoredJob): string {
    if (job.isCancelled) return "cancelled";
    if (job.polls <= waitingPolls) return "queued";
    return job.polls > waitingPolls + steps.length ? (this.options.end ?? "succeeded") : "running";
  }

  #viewOf(job: StoredJob): unknown {
    const status = this.#statusOf(job);
    const isDone = status === "succeeded";
    const model = isDone ? `ft:there:${job.id}` : null;
    if (model) this.models.add(model);
    const common = { id: job.id, fine_tuned_model: model, trained_tokens: isDone ? trainedTokens : null };
    const error = status === "failed" ? this.options.failure : undefined;
    if (this.options.dialect === "openai") return { ...common, ...job.body, status, error: error ?? null };
    const spelled: Record<string, string> = { succeeded: "SUCCESS" };
    const checkpoints = this.#checkpointsOf(job).toReversed();
    return { ...common, ...job.body, status: spelled[status] ?? status.toUpperCase(), checkpoints };
  }

  #checkpointsOf(job: StoredJob): Record<string, unknown>[] {
    const names = (step: number) =>
      this.options.dialect === "openai" ? { fine_tuned_model_checkpoint: `ft:there:${job.id}:step-${step}` } : {};
    return steps
      .filter((step) => step <= this.#stepOf(job))
      .map((step) => ({ step_number: step, metrics: metricsOf(step), ...names(step) }));
  }

  #eventsOf(job: StoredJob): Record<string, unknown>[] {
    const told = Array.from({ length: this.#stepOf(job) }, (_, at) => at + 1);
    const metrics = told.map((step) => ({ id: `event-${step}`, type: "metrics", data: { step, ...metricsOf(step) } }));
    return [{ id: "event-0", type: "message", message: "Job began.", data: {} }, ...metrics].toReversed();
  }
}

const metricsOf = (step: number) => ({ train_loss: 3 / step, valid_loss: 4 / step, valid_mean_token_accuracy: 0.5 });

function send(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
