import type { Sql } from "#db/client.ts";
import type { UsageRow } from "#db/usage-rows.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { logError } from "#lib/core/log.ts";
import { firstByteSeconds, tokens } from "#lib/core/metrics.ts";
import type { Reservation, Reservations } from "#lib/gateway/spend-limits/reservations.ts";
import { openBatches } from "./batches.ts";
import { type Content, openContents } from "./contents.ts";
import { openJournal } from "./journal.ts";
import { openLastUsed } from "./last-used.ts";

/** Where requests are counted. */
export type Meter = {
  /**
   * Resolves once the event is committed; what sums it follows within a fraction of a second. The same event again
   * changes nothing. What it cost comes out of its hold, which ends with it.
   */
  commit: (row: UsageRow, hold?: Reservation) => Promise<void>;
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

type Event = { row: UsageRow; hold: Reservation | undefined };

type Options = { line: Sql; settling: Sql; sql: Sql; reservations: Reservations; contentQueueBytes: number };

export function openMeter({ line, settling, sql, reservations, contentQueueBytes }: Options): Meter {
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
  const contents = openContents(sql, contentQueueBytes);
  const lastUsed = openLastUsed(sql);
  const refusals = { second: 0, seen: 0, unlogged: 0 };
  return {
    commit: (row, hold) => {
      lastUsed.note(row);
      const ended = (spent: bigint): void => hold && reservations.end(hold, spent);
      return new Promise<void>((resolve, reject) => {
        events.write({ row, hold }, (error) => (error === undefined ? resolve() : reject(error)));
      }).then(
        () => {
          ended(BigInt(row.cost_pico));
          count(row);
        },
        (error: unknown) => {
          ended(0n);
          throw error;
        },
      );
    },
    note: (rowOf) => {
      const second = Math.floor(stopwatch() / 1000);
      if (second !== refusals.second) Object.assign(refusals, { second, seen: 0 });
      if (++refusals.seen > refusalsPerSecond) {
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
    waiting: events.waiting,
    unlogged: () => refusals.unlogged,
    settled: journal.settled,
    close: async () => {
      await events.close();
      await journal.settled();
      await contents.close();
      await lastUsed.close();
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
