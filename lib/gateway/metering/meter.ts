import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "#db/client.ts";
import type { UsageRow } from "#db/usage-rows.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { firstByteSeconds, tokens } from "#lib/core/metrics.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import type { Reservation, Reservations } from "#lib/gateway/spend-limits/reservations.ts";
import { openBatches } from "./batches.ts";
import { type Content, openContents } from "./contents.ts";
import { openJournal } from "./journal.ts";
import { openLastUsed } from "./last-used.ts";

/** Where requests are counted. */
export type Meter = {
  /**
   * Resolves once the event is committed; what sums it follows within a fraction of a second. The same event again
   * changes nothing. What it cost comes out of its hold, which ends with it. Rejects at once when the database goes
   * away: what the client has seen of its answer is then committed later, and what it has not seen is dropped.
   */
  commit: (row: UsageRow, hold?: Reservation, seen?: { isSeen: boolean }) => Promise<void>;
  /** The same for a request that got no answer: it costs nothing, so no one waits, and a flood of them is not written whole. */
  note: (rowOf: () => UsageRow) => void;
  /** Hands content to the 30-day log; a promise when too much is waiting to be stored, for the person who can wait. */
  keep: (content: Content) => Promise<void> | undefined;
  /** Events that wait for their commit. */
  waiting: () => number;
  /** Requests without an answer that were only counted, because there were too many to write. */
  unlogged: () => number;
  /** Resolves once everything committed so far is in every sum. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
};

/** Requests without an answer that a process writes to the log in a second; more of them cost the database nothing. */
const refusalsPerSecond = 200;

/** While the database is away, no more of them are kept for when it is back. */
const mostWaiting = 10_000;
/** What closing waits for. */
const closeMs = 8000;

type Event = { row: UsageRow; hold: Reservation | undefined };

type Options = {
  line: Sql;
  settling: Sql;
  sql: Sql;
  changes: Pick<ChangeFeed, "subscribe">;
  reservations: Reservations;
  contentQueueBytes: number;
};

export function openMeter({ line, settling, sql, changes, reservations, contentQueueBytes }: Options): Meter {
  const journal = openJournal({ line, settling, reservations });
  const write = async (batch: Event[]): Promise<void> => {
    const lessee = reservations.lessee();
    const isCovered = ({ row, hold }: Event): boolean => row.cost_pico === "0" || hold?.lessee === lessee;
    const covered = batch.filter(isCovered);
    const isWritten = covered.length === 0 || (await journal.write(covered.map(({ row }) => row)));
    for (const event of batch) if (!isWritten || !isCovered(event)) await writeUncovered(line, event.row);
    if (!isWritten) reservations.doubt();
  };
  const events = openBatches<Event>(write, {
    // Larger batches form under load only, and cost less an event the more organizations are among them.
    size: 2000,
    // What arrives in one turn of the event loop is written together.
    gather: setImmediate,
    attempts: 8,
    // One is on its way to the database while another is on its way back.
    atOnce: 4,
  });
  const contents = openContents(sql, changes, contentQueueBytes);
  const lastUsed = openLastUsed(sql);
  const finish = (row: UsageRow, hold: Reservation | undefined, isCommitted: boolean): void => {
    if (hold) reservations.end(hold, isCommitted ? BigInt(row.cost_pico) : 0n);
    if (isCommitted) count(row);
  };
  const refusals = { second: 0, seen: 0, unlogged: 0 };
  const closeAll = async (): Promise<void> => {
    await events.close();
    await journal.settled();
    await contents.close();
    await lastUsed.close();
  };
  return {
    commit: (row, hold, { isSeen } = { isSeen: false }) => {
      lastUsed.note(row);
      return new Promise<void>((resolve, reject) => {
        const settled = (error?: unknown): void => {
          finish(row, hold, error === undefined);
          if (error === undefined) resolve();
          else reject(error);
        };
        events.write({ row, hold }, settled, { doubted: reject, isDroppable: !isSeen });
      });
    },
    note: (rowOf) => {
      const second = Math.floor(stopwatch() / 1000);
      if (second !== refusals.second) Object.assign(refusals, { second, seen: 0 });
      if (++refusals.seen > refusalsPerSecond || events.waiting() > mostWaiting) {
        refusals.unlogged++;
        return;
      }
      const row = rowOf();
      lastUsed.note(row);
      events.write({ row, hold: undefined }, (error) => {
        if (error !== undefined) logError("meter.refusal", error, { request: row.id });
      });
    },
    keep: contents.keep,
    waiting: () => events.waiting(),
    unlogged: () => refusals.unlogged,
    settled: journal.settled,
    close: async () => {
      const closed = closeAll();
      if (await Promise.race([closed.then(() => true), pause(closeMs, false, { ref: false })])) return;
      // The database stays away: the log is the last place that can tell what was used.
      for (const { row } of events.abandon())
        logError("meter.lost", new Fault("Not committed."), { row: JSON.stringify(row) });
      contents.abandon();
    },
  };
}

const [input, cachedInput, output] = [{ kind: "input" }, { kind: "cached_input" }, { kind: "output" }] as const;

function count({ prompt_tokens, cached_tokens, completion_tokens, streamed, first_byte_ms }: UsageRow): void {
  tokens.inc(input, Math.max(0, prompt_tokens - cached_tokens));
  tokens.inc(cachedInput, cached_tokens);
  tokens.inc(output, completion_tokens);
  if (streamed && first_byte_ms !== null) firstByteSeconds.observe(first_byte_ms / 1000);
}

/** An event whose lease is gone, because this process was taken for dead: billed only as far as every limit still allows. */
async function writeUncovered(line: Sql, row: UsageRow): Promise<void> {
  await line`select meter_unheld(${JSON.stringify(row)})`;
}
