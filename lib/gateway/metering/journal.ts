import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "#db/client.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { type UsageRow, usageRows } from "#db/usage-rows.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { logError } from "#lib/core/log.ts";
import type { Reservations } from "#lib/gateway/spend-limits/reservations.ts";

/** Events committed first and summed right after: an answer waits for the first only, which costs a tenth of the second. */
export type Journal = {
  /** Resolves once the events are committed; false when this process was taken for dead and none of them are. */
  write: (rows: readonly UsageRow[]) => Promise<boolean>;
  /** Resolves once everything written so far is summed. */
  settled: () => Promise<void>;
};

type Options = {
  /** A connection for writing alone, so that no answer's commit stands behind something else. */
  line: Sql;
  /** Another one for summing. */
  settling: Sql;
  reservations: Reservations;
};

/** Under load this much is summed together, because a large batch costs half as much an event as a small one. */
const everyMs = 100;
const retryMs = 1000;

export function openJournal({ line, settling, reservations }: Options): Journal {
  let seq = 0;
  let begunAt = Number.NEGATIVE_INFINITY;
  let isDue = false;
  let running: Promise<void> | undefined;

  const settle = async (): Promise<void> => {
    while (isDue) {
      // At least one turn of the event loop, in which those who waited for the commit end their holds.
      await pause(Math.max(0, begunAt + everyMs - stopwatch()));
      isDue = false;
      begunAt = stopwatch();
      try {
        await settling`select settle_journal(${reservations.lessee()})`;
        reservations.settledUntil(begunAt);
      } catch (error) {
        logError("meter.settle", error);
        isDue = true;
        await pause(retryMs);
      }
    }
    running = undefined;
  };

  return {
    write: async (rows) => {
      const lessee = await reservations.introduced();
      try {
        await line`insert into usage_journal values (${lessee}, ${seq++}, ${usageRows(rows)})`;
      } catch (error) {
        // The journal's row refers to its lessee, which is gone.
        if (sqlstateOf(error) === sqlstate.foreignKeyViolation) return false;
        throw error;
      }
      isDue = true;
      running ??= settle();
      return true;
    },
    settled: async () => running,
  };
}
