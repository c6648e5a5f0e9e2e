import { randomBytes } from "node:crypto";
import type { Sql } from "#db/client.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { logError } from "#lib/core/log.ts";

const channel = "gate";
const beatMs = 250;
const trustedMs = 800;

/** Hears what changes in the database, from this and every other process. */
export type ChangeFeed = {
  /** Messages arrive after the commit they belong to, in commit order; `forget` is for what may have been missed. */
  subscribe: (listener: { tell: (message: string) => void; forget: () => void }) => void;
  /**
   * Whether the line is known to work: a message of our own came back a moment ago. While it is not,
   * what is remembered may be out of date and must not be relied on.
   */
  isTrusted: () => boolean;
  close: () => Promise<void>;
};

export async function openChangeFeed(sql: Sql): Promise<ChangeFeed> {
  const beat = `beat:${randomBytes(8).toString("hex")}`;
  const listeners: Parameters<ChangeFeed["subscribe"]>[0][] = [];
  let heardAt = Number.NEGATIVE_INFINITY;
  const line = await sql.listen(
    channel,
    (message) => {
      if (message === beat) heardAt = stopwatch();
      else if (!message.startsWith("beat:")) for (const { tell } of listeners) tell(message);
    },
    // A line that was down may have missed something.
    () => {
      for (const { forget } of listeners) forget();
    },
  );
  const send = () => sql.notify(channel, beat).catch((error: unknown) => void logError("gate.beat", error));
  await send();
  const timer = setInterval(send, beatMs);
  return {
    subscribe: (listener) => void listeners.push(listener),
    isTrusted: () => stopwatch() - heardAt < trustedMs,
    close: async () => {
      clearInterval(timer);
      await line.unlisten();
    },
  };
}
