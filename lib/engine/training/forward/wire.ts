import { type Dispatcher, request } from "undici";
import { Fault } from "#lib/core/errors.ts";
import { redacted } from "#lib/engine/upstream/redaction.ts";
import { fieldOf } from "#lib/engine/upstream/refusal.ts";

/** The server that trains. */
export type TrainingServer = {
  /** Base address including `/v1`. */
  url: string;
  apiKey?: string | undefined;
  headers: Record<string, string>;
  timeoutMs: number;
};

/** The server refused, so nothing of it was done. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;

  constructor(status: number, message: string, code: string | null, param: string | null) {
    super(message);
    this.name = "Refused";
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

/** It was not reached, so nothing was done, and it can be tried again. */
export class Unsent extends Error {
  override name = "Unsent";
}

/** Whether it was done is not known: a request or its answer was lost, or the server failed. */
export class Unknown extends Error {
  override name = "Unknown";
}

const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);
/** An answer that is longer is no answer. */
const longestAnswer = 8_000_000;
const longestMessage = 500;

type Sent = {
  method: "GET" | "POST" | "DELETE";
  path: string;
  headers?: Record<string, string>;
  body?: Dispatcher.DispatchOptions["body"];
};

export class Wire {
  readonly #server: TrainingServer;

  constructor(server: TrainingServer) {
    this.#server = server;
  }

  get = (path: string, signal: AbortSignal): Promise<unknown> => this.#send({ method: "GET", path }, signal);

  remove = (path: string, signal: AbortSignal): Promise<unknown> => this.#send({ method: "DELETE", path }, signal);

  post = (path: string, body: unknown, signal: AbortSignal): Promise<unknown> => {
    const headers = { "content-type": "application/json" };
    return this.#send({ method: "POST", path, headers, body: JSON.stringify(body) }, signal);
  };

  /** One file of so many bytes, as a form. */
  upload = (file: { name: string; length: number; pieces: AsyncIterable<Uint8Array> }, signal: AbortSignal) => {
    const boundary = `----comptoir-${file.name.replace(/[^a-zA-Z0-9]/g, "")}`;
    const head = Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n` +
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\n` +
        "content-type: application/octet-stream\r\n\r\n",
    );
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const headers = {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.length + file.length + tail.length),
    };
    const body = async function* () {
      yield head;
      yield* file.pieces;
      yield tail;
    };
    // undici takes an async iterable as well as a stream.
    return this.#send({ method: "POST", path: "/files", headers, body: body() as unknown as Buffer }, signal);
  };

  async #send({ method, path, headers = {}, body = null }: Sent, signal: AbortSignal): Promise<unknown> {
    const { url, apiKey, headers: own, timeoutMs } = this.#server;
    const sent = { ...own, ...headers, ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) };
    let status: number;
    let text: string;
    try {
      const asked = { method, headers: sent, body, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
      const answer = await request(url.replace(/\/$/, "") + path, asked);
      status = answer.statusCode;
      text = await textOf(answer.body);
    } catch (error) {
      signal.throwIfAborted();
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      throw neverSent.has(code) ? new Unsent(code, { cause: error }) : new Unknown(code, { cause: error });
    }
    return answered(status, text);
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > longestAnswer) throw new Fault("A server that trains answered without end.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function answered(status: number, text: string): unknown {
  const body = parsed(text);
  if (status >= 200 && status < 300) {
    if (body === undefined) throw new Unknown("not JSON");
    return body;
  }
  // Refused because it is busy, it will do later.
  if (status === 429) throw new Unsent("429");
  if (status >= 500 || status < 400) throw new Unknown(String(status));
  const error = fieldOf(body, "error");
  const found = [fieldOf(error, "message"), error, fieldOf(body, "message"), fieldOf(body, "detail")];
  const message = found.find((one) => typeof one === "string") ?? "";
  throw new Refused(status, saidBy(message), wordOf(fieldOf(error, "code")), wordOf(fieldOf(error, "param")));
}

const parsed = (text: string): unknown => {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const wordOf = (value: unknown): string | null => (typeof value === "string" ? value.slice(0, 100) : null);

/** What a server said, without addresses and secrets that may be in it. */
export const saidBy = (message: unknown): string =>
  typeof message === "string" ? redacted(message.trim()).slice(0, longestMessage) : "";
