import { setTimeout as pause } from "node:timers/promises";
import { createEventReader } from "#lib/core/event-stream.ts";
import type { Installation } from "./installation.ts";

/** What customers saw of an installation while it was tortured. */
export type Seen = {
  /** Requests whose answer came whole: each must be found in the books. */
  acknowledged: Set<string>;
  answered: number;
  /** Answers that say that it does not work now, and connections that did not come about or broke off. */
  refused: number;
  broken: number;
  /** The longest that anything was waited for, in milliseconds. */
  longestMs: number;
  /** Waits above the deadline, and answers that are neither good nor say to try again. */
  faults: string[];
};

/** Too many requests, or not now: every client knows how to go on. */
const mayRetry = new Set([429, 503]);
/** A refusal is followed by a pause, as in every client. */
const pauseMs = 50;

/** Customers who ask without a pause until they are told to stop: whole answers, streams and pages. */
export class Load {
  readonly seen: Seen = { acknowledged: new Set(), answered: 0, refused: 0, broken: 0, longestMs: 0, faults: [] };
  readonly #installation: Installation;
  readonly #secret: string;
  readonly #hangMs: number;
  readonly #work: Promise<unknown>;
  #isOver = false;
  #lapMs = 0;

  /** `hangMs`: what waits longer is a fault. */
  constructor(
    installation: Installation,
    secret: string,
    { customers, hangMs }: { customers: number; hangMs: number },
  ) {
    this.#hangMs = hangMs;
    this.#installation = installation;
    this.#secret = secret;
    this.#work = Promise.all(Array.from({ length: customers }, (_, number) => this.#customer(number)));
  }

  /** The longest wait since this was asked last, in milliseconds. */
  lap(): number {
    const longest = this.#lapMs;
    this.#lapMs = 0;
    return longest;
  }

  async stop(): Promise<Seen> {
    this.#isOver = true;
    await this.#work;
    return this.seen;
  }

  async #customer(number: number): Promise<void> {
    for (let turn = number; !this.#isOver; turn++) {
      const begun = performance.now();
      const isGood = await (turn % 4 === 3 ? this.#page() : this.#chat(turn % 2 === 0));
      const tookMs = performance.now() - begun;
      this.seen.longestMs = Math.max(this.seen.longestMs, tookMs);
      this.#lapMs = Math.max(this.#lapMs, tookMs);
      if (tookMs > this.#hangMs) this.seen.faults.push(`waited ${(tookMs / 1000).toFixed(1)} s`);
      if (!isGood) await pause(pauseMs);
    }
  }

  async #chat(stream: boolean): Promise<boolean> {
    const messages = [{ role: "user", content: "What is the capital of France?" }];
    return this.#ask("/v1/chat/completions", {
      method: "POST",
      headers: { authorization: `Bearer ${this.#secret}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "tiny-chat-1", messages, max_tokens: 16, stream }),
    });
  }

  #page(): Promise<boolean> {
    return this.#ask("/sign-in", {});
  }

  async #ask(path: string, init: RequestInit): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(this.#hangMs * 4);
      const response = await fetch(`${this.#installation.url}${path}`, { ...init, signal, redirect: "manual" });
      const text = await response.text();
      if (response.status === 200 && isWhole(response, text)) {
        this.seen.answered++;
        const id = response.headers.get("x-request-id");
        if (id) this.seen.acknowledged.add(id);
        return true;
      }
      if (mayRetry.has(response.status) && response.headers.get("retry-after")) this.seen.refused++;
      else if (response.status === 200) this.seen.broken++;
      else this.seen.faults.push(`${path} ${response.status} ${text.slice(0, 200)}`);
    } catch {
      this.seen.broken++;
    }
    return false;
  }
}

/** A stream is whole when it says so. */
function isWhole(response: Response, text: string): boolean {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return true;
  const reader = createEventReader();
  const events = [...reader.push(new TextEncoder().encode(text)), ...reader.flush()];
  return events.at(-1)?.data === "[DONE]";
}
