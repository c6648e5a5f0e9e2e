import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "#db/client.ts";
import { anew } from "#db/pool.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { logError } from "#lib/core/log.ts";

const channel = "gate";
const beatMs = 250;
const trustedMs = 800;

/** Long after trust is lost: a short stall mends itself. */
const deafMs = 2000;

type Listener = { tell: (message: string) => void; forget: () => void };

/** Hears what changes in the database, from this and every other process. */
export type ChangeFeed = {
  /** Messages arrive after the commit they belong to, in commit order; `forget` is for what may have been missed. */
  subscribe: (listener: Listener) => void;
  /**
   * Whether the line is known to work: a message of our own came back a moment ago. While it is not,
   * what is remembered may be out of date and must not be relied on.
   */
  isTrusted: () => boolean;
  close: () => Promise<void>;
};

export async function openChangeFeed(sql: Sql): Promise<ChangeFeed> {
  const feed = new ListeningFeed(sql);
  await feed.open();
  return feed;
}

class ListeningFeed implements ChangeFeed {
  readonly #sql: Sql;
  readonly #beat = `beat:${randomBytes(8).toString("hex")}`;
  readonly #listeners: Listener[] = [];
  #heardAt = Number.NEGATIVE_INFINITY;
  #begunAt = 0;
  #line: Sql | undefined;
  #opening: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async open(): Promise<void> {
    await this.#listen();
    await this.#send();
    this.#timer = setInterval(() => void this.#send(), beatMs);
  }

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  isTrusted(): boolean {
    return stopwatch() - this.#heardAt < trustedMs;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#opening;
    await this.#line?.end({ timeout: 1 });
  }

  /** The driver listens again after a lost connection, but tries once only: this one begins anew until it hears itself. */
  async #listen(): Promise<void> {
    const line = anew(this.#sql);
    this.#begunAt = stopwatch();
    void this.#line?.end({ timeout: 0 });
    this.#line = line;
    // A line that was down may have missed something.
    await line.listen(
      channel,
      (message) => this.#hear(message),
      () => {
        for (const { forget } of this.#listeners) forget();
      },
    );
  }

  #hear(message: string): void {
    if (message === this.#beat) this.#heardAt = stopwatch();
    else if (!message.startsWith("beat:")) for (const { tell } of this.#listeners) tell(message);
  }

  async #send(): Promise<void> {
    if (stopwatch() - Math.max(this.#heardAt, this.#begunAt) > deafMs) this.#opening ??= this.#reopen();
    await this.#sql.notify(channel, this.#beat).catch((error: unknown) => {
      if (!isDatabaseAway(error)) logError("gate.beat", error);
    });
  }

  async #reopen(): Promise<void> {
    await this.#listen().catch(() => undefined);
    // Time to hear itself before it is tried again.
    await pause(beatMs * 2);
    this.#opening = undefined;
  }
}
