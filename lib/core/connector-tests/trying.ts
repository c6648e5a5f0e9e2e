import { stopwatch } from "#lib/core/clock.ts";
import type { ConnectionSecret } from "#lib/core/connection-secrets.ts";
import type { Answer, Outgoing } from "#lib/core/outgoing/outgoing.ts";
import { failureWords } from "#lib/core/webhooks/events.ts";

/** What a test is given: the connection's id, what its form asked for, and its opened secret. */
export type Tested = { id: string; settings: Record<string, unknown>; secret: ConnectionSecret };

/** What came of something that was sent: the status of the answer, or why there was none. */
export type Tried = { status: number | null; ms: number; error: string | null };

/** Does the real thing once, such as a message sent or an object written and read back. It throws nothing. */
export type ConnectorTest = (tested: Tested, outgoing: Outgoing) => Promise<Tried>;

/** Sends once; silence, a broken connection and a refused address are told alike, as no answer. */
export async function tried(send: () => Promise<Answer>): Promise<Tried> {
  const began = stopwatch();
  try {
    const { status, ms } = await send();
    return { status, ms, error: null };
  } catch (error) {
    return { status: null, ms: Math.round(stopwatch() - began), error: failureWords(error) };
  }
}
