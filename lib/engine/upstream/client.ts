import { type Dispatcher, Pool } from "undici";
import type { AppError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import type { UpstreamConfig } from "./config.ts";
import { refusal, unavailable } from "./refusal.ts";

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

export type Client = {
  /** The answer once it is known to be a success; nothing of its body has been read. */
  post(path: string, body: unknown, signal: AbortSignal): Promise<Dispatcher.ResponseData>;
  /** What to throw for an error met while a body was read. */
  failure(error: unknown, signal: AbortSignal): unknown;
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
  const sent = {
    "content-type": "application/json",
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    ...headers,
  };

  const failure = (error: unknown, signal: AbortSignal): unknown => {
    if (signal.aborted) return signal.reason;
    log("engine.upstream.failed", { upstream: id, code: codeOf(error) });
    return unavailable(error);
  };
  const ask = (path: string, body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> =>
    pool.request({ path: base + path, method: "POST", headers: sent, body, signal });
  /** One more try, and only while nothing of an answer has been seen. */
  const askTwice = async (path: string, body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    try {
      const answer = await ask(path, body, signal);
      if (!retried.has(answer.statusCode)) return answer;
      await answer.body.dump();
    } catch (error) {
      if (signal.aborted || !broken.has(codeOf(error))) throw error;
    }
    return ask(path, body, signal);
  };

  return {
    failure,
    async post(path, body, signal) {
      let answer: Dispatcher.ResponseData;
      try {
        answer = await askTwice(path, JSON.stringify(body), signal);
      } catch (error) {
        throw failure(error, signal);
      }
      if (answer.statusCode === 200) return answer;
      const error = await refusalOf(answer);
      if (error.problem === "unavailable") log("engine.upstream.refused", { upstream: id, status: answer.statusCode });
      throw error;
    },
    close: () => pool.destroy(),
  };
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

async function refusalOf({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<AppError> {
  const text = await beginningOf(body);
  return refusal({ status: statusCode, retryAfter: headers["retry-after"], body: parsed(text) });
}

async function beginningOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
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
