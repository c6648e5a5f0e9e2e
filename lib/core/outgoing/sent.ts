import { stopwatch } from "#lib/core/clock.ts";
import { failureWords } from "#lib/core/webhooks/events.ts";
import type { Outgoing } from "./outgoing.ts";

/** What came of a message: the answer, for how long it asks to be left alone, and what it did not take. */
export type Sent = {
  status: number | null;
  ms: number;
  error: string | null;
  text: string;
  retryAfter: string | null;
  note: string | null;
};

/** Sends once and throws nothing: without an answer it says why. What the other side says to a refusal is not kept. */
export async function sent(send: () => ReturnType<Outgoing["send"]>): Promise<Sent> {
  const began = stopwatch();
  try {
    return { ...(await send()), error: null, note: null };
  } catch (error) {
    const ms = Math.round(stopwatch() - began);
    return { status: null, text: "", error: failureWords(error), ms, retryAfter: null, note: null };
  }
}
