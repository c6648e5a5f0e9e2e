import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "#db/sqlstate.ts";

const retryMs = 1000;

/** Tried until the database takes it; undefined where the work is over before that. */
export async function whileAway<T>(work: () => Promise<T>, isOver: () => boolean): Promise<T | undefined> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (isOver()) return undefined;
      await pause(retryMs);
    }
  }
}
