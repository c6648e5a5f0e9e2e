import path from "node:path";
import { type Dispatcher, request } from "undici";
import { redacted } from "#lib/engine/upstream/redaction.ts";
import { fieldOf } from "#lib/engine/upstream/refusal.ts";

/** One server that loads adapters: every replica is asked by itself. */
export type AdapterServer = {
  /** Base address including `/v1`. */
  url: string;
  headers: Record<string, string>;
  /** How long it may take for one thing. */
  timeoutMs: number;
};

/** What a server did not do, in a sentence for the operator. */
export class ServerProblem extends Error {
  override name = "ServerProblem";
}

const longestAnswer = 4_194_304;
const longestWords = 200;

type Sent = { method: "GET" | "POST"; path: string; body?: object };
type Answer = { status: number; text: string };

async function ask({ url, headers }: AdapterServer, sent: Sent, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await request(url.replace(/\/$/, "") + sent.path, {
      method: sent.method,
      headers: { ...headers, ...(sent.body && { "content-type": "application/json" }) },
      body: sent.body ? JSON.stringify(sent.body) : null,
      signal,
    });
    return { status: answer.statusCode, text: await textOf(answer.body) };
  } catch (error) {
    if (error instanceof ServerProblem) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new ServerProblem(
      signal.aborted ? "It did not answer in time." : `It was not reached (${code || "broken"}).`,
    );
  }
}

async function textOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += (piece as Uint8Array).length;
    if (length > longestAnswer) throw new ServerProblem("It answered without end.");
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces).toString("utf8");
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isDone = ({ status }: Answer): boolean => status >= 200 && status < 300;

const refused = (verb: string, { status, text }: Answer): ServerProblem =>
  new ServerProblem(`It did not ${verb}: ${status} ${redacted(text.trim()).slice(0, longestWords)}`.trim());

/** The names of all that a server says it serves. */
export async function namesAt(server: AdapterServer, signal: AbortSignal): Promise<Set<string>> {
  const answer = await ask(server, { method: "GET", path: "/models" }, signal);
  const data = isDone(answer) ? fieldOf(parsed(answer.text), "data") : undefined;
  if (!Array.isArray(data)) throw refused("list its models", answer);
  return new Set(data.map((one) => fieldOf(one, "id")).filter((id) => typeof id === "string"));
}

/** Has a server load an adapter. One that has it already says so, which is as good; its list tells whether it is true. */
export async function loadAt(
  server: AdapterServer,
  { name, folder }: { name: string; folder: string },
  signal: AbortSignal,
): Promise<void> {
  const body = { lora_name: name, lora_path: path.posix.join(folder, name) };
  const answer = await ask(server, { method: "POST", path: "/load_lora_adapter", body }, signal);
  if (!isDone(answer) && !/already/i.test(answer.text)) throw refused("load it", answer);
}

/** Has a server drop an adapter. What it does not have is dropped already. */
export async function unloadAt(server: AdapterServer, name: string, signal: AbortSignal): Promise<void> {
  const answer = await ask(server, { method: "POST", path: "/unload_lora_adapter", body: { lora_name: name } }, signal);
  const isGone = answer.status === 404 || (answer.status === 400 && /not be found|not found/i.test(answer.text));
  if (!isDone(answer) && !isGone) throw refused("unload it", answer);
}
