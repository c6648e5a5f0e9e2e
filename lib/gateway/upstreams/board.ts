import os from "node:os";
import type { Sql } from "#db/client.ts";
import { now } from "#lib/core/clock.ts";
import { logError } from "#lib/core/log.ts";
import type { Engines } from "#lib/engine/engines.ts";

/** How often a process says that it is there; one that has not for some time is taken for gone. */
const everyMs = 30_000;

export type Board = { close: () => Promise<void> };

/** Tells staff, whose pages another process serves, how this one finds its upstreams: when that changes, and regularly. */
export function openBoard(sql: Sql, engines: Engines): Board {
  const processId = `${os.hostname()}:${process.pid}`;
  let writing: Promise<void> | undefined;
  let isDue = false;

  const write = async (): Promise<void> => {
    while (isDue) {
      isDue = false;
      const seen_at = now();
      const rows = engines.health().map((one) => ({ process_id: processId, ...one, seen_at }));
      if (rows.length === 0) break;
      try {
        await sql`insert into upstream_states ${sql(rows)} on conflict (process_id, upstream, model) do update
          set state = excluded.state, since = excluded.since, reason = excluded.reason, seen_at = excluded.seen_at`;
        await sql`delete from upstream_states where seen_at < ${seen_at}::timestamptz - interval '5 minutes'`;
      } catch (error) {
        // Requests do not go by it, and the next round tells the same.
        logError("upstreams.board", error);
      }
    }
    writing = undefined;
  };
  const tell = (): void => {
    isDue = true;
    writing ??= write();
  };

  engines.listen(tell);
  tell();
  const timer = setInterval(tell, everyMs);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await writing;
      await sql`delete from upstream_states where process_id = ${processId}`;
    },
  };
}
