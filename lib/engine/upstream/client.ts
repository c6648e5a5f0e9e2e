import { type Dispatcher, Pool } from "undici";
import { AppError } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import { upstreamErrors } from "#lib/core/metrics.ts";
import { type Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import type { UpstreamConfig } from "./config.ts";
import { decodedStream } from "./decoding.ts";
import { type Answer, exchange } from "./exchange.ts";
import { Outage, refusal, unavailable } from "./refusal.ts";

const defaultConnections = 256;
const connectTimeoutMs = 10_000;
const longestErrorBody = 65_536;
const retried = new Set([502, 503, 504]);
const broken = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** One piece, or several that are sent one after the other. */
export type Body = Buffer | Buffer[];

export type Client = {
  /** The upstream's id. */
  id: string;
  /** How long the upstream may be silent. */
  timeoutMs: number;
  /** The whole text of an answer that is a success. */
  ask(path: string, body: Body, cancellation: Cancellation): Promise<string>;
  /** The answer once it is known to be a success; nothing of its body has been read. */
  post(path: string, body: Body, cancellation: Cancellation): Promise<Dispatcher.ResponseData>;
  /** What to throw for an error met while a body was read. */
  failure(error: unknown, cancellation: Cancellation): unknown;
  close(): Promise<void>;
};

export function createClient({ id, url, apiKey, headers, timeoutMs, connections }: UpstreamConfig): Client {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, "");
  const pool = new Pool(origin, {
    connections: connections ?? defaultConnections,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: Math.min(timeoutMs, connectTimeoutMs),
  });
  // Names and values in turn, the form undici has nothing to do for.
  const sent = Object.entries({
    "content-type": "application/json",
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    ...headers,
  }).flat();
  const headersOf = (body: Body): string[] =>
    Array.isArray(body) ? [...sent, "content-length", String(lengthOf(body))] : sent;

  const failure = (error: unknown, cancellation: Cancellation): unknown => {
    if (cancellation.isCancelled) return new Cancelled();
    // What it said was read, and is the error.
    if (error instanceof AppError) return error;
    const code = codeOf(error);
    upstreamErrors.inc({ upstream: id, reason: code || "broken" });
    log("engine.upstream.failed", { upstream: id, code });
    return unavailable(new Outage(code || "broken", error));
  };
  const begin = (path: string, body: Body, { signal }: Cancellation): Promise<Dispatcher.ResponseData> =>
    pool.request({ path: base + path, method: "POST", headers: headersOf(body), body: body as Buffer, signal });

  /** Throws what a refusal becomes, and logs what is our side's to look at. */
  const refuse = (status: number, headers: Dispatcher.ResponseData["headers"], text: string): never => {
    const error = refusal({ status, retryAfter: headers["retry-after"], body: parsed(text) });
    if (error.problem === "unavailable") {
      upstreamErrors.inc({ upstream: id, reason: String(status) });
      log("engine.upstream.refused", { upstream: id, status });
    }
    throw error;
  };

  return {
    id,
    timeoutMs,
    failure,
    async ask(path, body, cancellation) {
      const asked = { path: base + path, headers: headersOf(body), body };
      let answer: Answer;
      try {
        answer = await twice(() => exchange(pool, asked, cancellation), cancellation);
      } catch (error) {
        throw failure(error, cancellation);
      }
      return isSuccess(answer) ? answer.text : refuse(answer.statusCode, answer.headers, answer.text);
    },
    async post(path, body, cancellation) {
      const answer = await twice(() => begin(path, body, cancellation), cancellation).catch((error: unknown) => {
        throw failure(error, cancellation);
      });
      if (isSuccess(answer)) return answer;
      return refuse(answer.statusCode, answer.headers, await beginningOf(decodedStream(answer.headers, answer.body)));
    },
    close: () => pool.destroy(),
  };
}

const lengthOf = (pieces: Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

type Reply = { statusCode: number; body?: Dispatcher.ResponseData["body"] };

/** One more try, and only while nothing of an answer has been passed on. */
async function twice<R extends Reply>(attempt: () => Promise<R>, cancellation: Cancellation): Promise<R> {
  try {
    const answer = await attempt();
    if (!retried.has(answer.statusCode)) return answer;
    await answer.body?.dump();
  } catch (error) {
    if (cancellation.isCancelled || !broken.has(codeOf(error))) throw error;
  }
  return attempt();
}

const isSuccess = ({ statusCode }: Reply): boolean => statusCode >= 200 && statusCode < 300;

async function beginningOf(body: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  try {
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > longestErrorBody) break;
    }
  } catch {
    // What arrived is all there is to tell.
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
