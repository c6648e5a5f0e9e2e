import type { Sql } from "#db/client.ts";
import type { UsageRow } from "#db/usage-rows.ts";
import { logError } from "#lib/core/log.ts";

const everyMs = 1000;

/** When, from where and with what each key was last used: written each second for all keys together, not per request. */
export function openLastUsed(sql: Sql): { note: (row: UsageRow) => void; close: () => Promise<void> } {
  let seen = new Map<string, UsageRow>();

  const flush = async (): Promise<void> => {
    if (seen.size === 0) return;
    const rows = [...seen].map(([key_id, { organization_id, at, address, agent }]) => ({
      organization_id,
      key_id,
      at,
      address,
      agent,
    }));
    seen = new Map();
    rows.sort((a, b) => (a.key_id < b.key_id ? -1 : 1));
    await sql`
      update keys set last_used_at = used.at, last_used_address = used.address, last_used_agent = used.agent
      from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as used (organization_id text, key_id text, at timestamptz, address text, agent text)
      where keys.organization_id = used.organization_id and keys.id = used.key_id
        and (keys.last_used_at is null or keys.last_used_at < used.at)`;
  };

  const timer = setInterval(
    () => void flush().catch((error: unknown) => void logError("meter.last-used", error)),
    everyMs,
  );
  timer.unref();
  return {
    note: (row) => {
      if (row.key_id !== null) seen.set(row.key_id, row);
    },
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
