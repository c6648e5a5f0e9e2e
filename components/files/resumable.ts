import type { Action } from "#lib/core/action-result.ts";

/** How an upload of the browser is doing. */
export type UploadState = {
  phase: "sending" | "paused" | "waiting" | "done" | "failed";
  sent: number;
  problems: number;
  /** Why it waits or failed. */
  message?: string;
  /** The file it became. */
  fileId?: string;
};

/** What a file is for, as the API spells it. */
export type UploadPurpose = "fine-tune" | "batch";

const partBytes = 8 * 1024 * 1024;
const waitsMs = [1000, 2000, 5000, 10_000, 20_000];

class Refused extends Error {}

type Sent = { signal?: AbortSignal; headers?: Record<string, string>; body?: Blob };

/**
 * Sends a file in parts, by the tus protocol. What has arrived stays: after a pause, or when the network comes back, it
 * goes on from there.
 */
export class Resumable {
  #state: UploadState = { phase: "sending", sent: 0, problems: 0 };
  #address: string | undefined;
  #ticket: string | undefined;
  #stopping = new AbortController();
  readonly #file: File;
  readonly #purpose: UploadPurpose;
  readonly #askTicket: Action<string>;
  readonly #tell: (state: UploadState) => void;

  constructor(
    file: File,
    askTicket: Action<string>,
    tell: (state: UploadState) => void,
    purpose: UploadPurpose = "fine-tune",
  ) {
    this.#purpose = purpose;
    this.#file = file;
    this.#askTicket = askTicket;
    this.#tell = tell;
  }

  async run(): Promise<void> {
    const stopping = new AbortController();
    this.#stopping = stopping;
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        this.#become({ phase: "sending" });
        return await this.#send(stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (error instanceof Refused) return this.#become({ phase: "failed", message: error.message });
        await this.#wait(tries, stopping.signal);
      }
    }
  }

  async #wait(tries: number, signal: AbortSignal): Promise<void> {
    this.#become({ phase: "waiting", message: "The connection was lost. It goes on by itself." });
    await pause(waitsMs[Math.min(tries, waitsMs.length - 1)] ?? 1000, signal);
  }

  pause(): void {
    this.#stopping.abort();
    this.#become({ phase: "paused" });
  }

  /** Ends it, and what has arrived goes. */
  async cancel(): Promise<void> {
    this.#stopping.abort();
    if (this.#address) await this.#ask("DELETE", this.#address).catch(() => undefined);
  }

  #become(change: Partial<UploadState>): void {
    const { message: _, ...rest } = this.#state;
    this.#state = { ...rest, ...change };
    this.#tell(this.#state);
  }

  /** Of two runs, one of which was paused in the middle of something, only the later one goes on. */
  async #send(signal: AbortSignal): Promise<void> {
    this.#ticket ??= await this.#ticketFor();
    signal.throwIfAborted();
    this.#address ??= await this.#begin(signal);
    signal.throwIfAborted();
    let answer = await this.#ask("HEAD", this.#address, { signal });
    while (!this.#note(answer)) {
      const { sent } = this.#state;
      answer = await this.#part(this.#address, sent, signal);
      // Another request of ours is still being kept: it is waited for, like a lost connection.
      if (answer.status === 409 && answer.headers.get("upload-offset") === String(sent)) throw new Error("busy");
    }
  }

  async #ticketFor(): Promise<string> {
    const form = new FormData();
    form.set("name", this.#file.name);
    form.set("bytes", String(this.#file.size));
    const result = await this.#askTicket(undefined, form);
    if (result.ok) return result.data;
    if (result.problem === "offline") throw new Error(result.message);
    throw new Refused(Object.values(result.fields).flat()[0] ?? result.message);
  }

  async #begin(signal: AbortSignal): Promise<string> {
    const headers = {
      "upload-length": String(this.#file.size),
      "upload-metadata": `filename ${base64(this.#file.name)},purpose ${base64(this.#purpose)}`,
    };
    const answer = await this.#ask("POST", "/v1/uploads", { signal, headers });
    return new URL(answer.headers.get("location") ?? "", window.location.href).pathname;
  }

  #part(address: string, offset: number, signal: AbortSignal): Promise<Response> {
    const headers = { "upload-offset": String(offset), "content-type": "application/offset+octet-stream" };
    return this.#ask("PATCH", address, { signal, headers, body: this.#file.slice(offset, offset + partBytes) });
  }

  /** Notes how far it is; says whether it is a file now. */
  #note({ headers }: Response): boolean {
    const sent = Number(headers.get("upload-offset") ?? this.#state.sent);
    const problems = Number(headers.get("x-file-problems") ?? 0);
    const fileId = headers.get("x-file-id");
    this.#become({ sent, problems, ...(fileId && { fileId, phase: "done" as const }) });
    return fileId !== null;
  }

  /** What is refused for good is told; all else is tried again. */
  async #ask(method: string, address: string, { headers, ...rest }: Sent = {}): Promise<Response> {
    const answer = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${this.#ticket}`, "tus-resumable": "1.0.0", ...headers },
      ...rest,
    });
    if (answer.ok || answer.status === 409) return answer;
    const isPassing = answer.status >= 500 || answer.status === 429;
    const said = (await answer.json().catch(() => ({}))) as { message?: string };
    const message = said.message ?? `The server answered ${answer.status}.`;
    throw isPassing ? new Error(message) : new Refused(message);
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
