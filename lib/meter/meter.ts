import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Scope } from "#db/schema/usage.ts";
import { openBatches } from "./batches.ts";
import { type Content, openContents } from "./contents.ts";
import { openLastUsed } from "./last-used.ts";

/** A row of `usage_events`, in the database's own names, because that is what it is handed over as. */
export type UsageRow = {
  organization_id: Id<"organization">;
  id: Id<"request">;
  at: string;
  workspace_id: Id<"workspace">;
  key_id: Id<"key">;
  user_id: Id<"user">;
  end_user: string | null;
  endpoint: string;
  requested_model: string;
  model: string;
  streamed: boolean;
  prompt_tokens: number;
  cached_tokens: number;
  completion_tokens: number;
  input_micros: string;
  cached_input_micros: string;
  output_micros: string;
  cost_pico: string;
  waived_pico: string;
  held_pico: string;
  clamped_tokens: number | null;
  limit_scope: Scope | null;
  limit_left_pico: string | null;
  requests_left: number | null;
  tokens_left: number | null;
  first_byte_ms: number | null;
  latency_ms: number;
  status: number;
  outcome: "answered" | "aborted" | "failed" | "refused";
  reason: string | null;
  address: string;
  agent: string;
  clause: string;
  training_eligible: boolean;
};

/** Where requests are counted. */
export type Meter = {
  /** Resolves once the event and everything that sums it is committed; the same event again changes nothing. */
  commit: (row: UsageRow) => Promise<void>;
  /** Hands content to the 30-day log; a promise when too much is waiting to be stored, for whoever can wait. */
  keep: (content: Content) => Promise<void> | undefined;
  /** Events that wait for their commit. */
  waiting: () => number;
  close: () => Promise<void>;
};

/** `line` is for the events alone, so that no answer's commit stands behind something else. */
export function openMeter(line: Sql, sql: Sql, contentQueueBytes: number): Meter {
  const events = openBatches<UsageRow>((rows) => line`select meter(${JSON.stringify(rows)})`, {
    size: 500,
    // What arrives in one turn of the event loop is written together.
    gather: setImmediate,
    attempts: 8,
  });
  const contents = openContents(sql, contentQueueBytes);
  const lastUsed = openLastUsed(sql);
  return {
    commit: (row) => {
      lastUsed.note(row);
      return new Promise((resolve, reject) => {
        events.write(row, (error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    keep: contents.keep,
    waiting: events.waiting,
    close: async () => {
      await events.close();
      await contents.close();
      await lastUsed.close();
    },
  };
}
