import { Refused, Unknown, Unsent } from "./wire.ts";

/** Waits; an end that is asked for meanwhile throws. */
export type Wait = (ms: number) => Promise<void>;

export const lookedForMs = 10 * 60_000;
const [firstPauseMs, longestPauseMs] = [2000, 30_000];

export type Sending<Found> = {
  /** What is there already. */
  look: () => Promise<Found | null>;
  send: () => Promise<Found | null>;
  /** Whether it was sent before, by another turn at this job, and what came of it is not known. */
  wasSent: boolean;
  /** Keeps in mind that it is sent, before it is. */
  mark: () => Promise<void>;
  /** Waits while nothing is under way, so that it can be given up. */
  idle: Wait;
};

/** It was sent, and in ten minutes of looking it was not found. */
export class Lost extends Error {
  override name = "Lost";
}

/**
 * Makes something once at a server that knows no idempotency: it looks first, and what may have been done is
 * settled by looking, never by sending again.
 */
export async function settle<Found>(sending: Sending<Found>, wait: Wait): Promise<Found | null> {
  const { look, send, wasSent, mark, idle } = sending;
  const there = await patiently(look, wasSent ? wait : idle);
  if (there) return there;
  if (wasSent) return await found(look, wait);
  await mark();
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Unknown) return await found(look, wait);
      if (!(error instanceof Unsent)) throw error;
      await idle(pause);
    }
  }
}

async function found<Found>(look: () => Promise<Found | null>, wait: Wait): Promise<Found> {
  for (let waited = 0, pause = firstPauseMs; waited < lookedForMs; pause = Math.min(longestPauseMs, pause * 2)) {
    await wait(pause);
    waited += pause;
    const there = await look().catch(unlessRefused);
    if (there) return there;
  }
  throw new Lost();
}

function unlessRefused(error: unknown): null {
  if (error instanceof Refused || !(error instanceof Unknown || error instanceof Unsent)) throw error;
  return null;
}

/** Asks until it is answered: asking changes nothing. */
export async function patiently<Answer>(ask: () => Promise<Answer>, wait: Wait): Promise<Answer> {
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unknown || error instanceof Unsent)) throw error;
      await wait(pause);
    }
  }
}
