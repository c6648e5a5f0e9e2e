import type { Sql } from "#db/client.ts";
import { timestamp } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { drainMs } from "#lib/domain/agreements/rules.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import type { Calls } from "./calls.ts";

const lookMs = 1000;
/** No request that was let in before an end is still there so long after it. */
const forgottenMs = 10 * drainMs;

type Row = { organization_id: string; at_ms: number };

/**
 * T-6-EFF: ends what is still under way a minute after the agreement it was let in under, in this process. Ends are known by
 * news, so that one without notice is as exact as one that was known for weeks.
 */
export async function openEndings(sql: Sql, changes: ChangeFeed, calls: Calls): Promise<{ close: () => void }> {
  /** Milliseconds since the epoch. */
  const ends = new Map<string, number>();

  const read = async (organization: string | null): Promise<void> => {
    const since = new Date(timestamp() - forgottenMs);
    const rows = await sql<Row[]>`
      select organization_id, instant_ms(coalesce(ended_at, ends_at)) as at_ms from agreements
      where coalesce(ended_at, ends_at) > ${since} and (organization_id = ${organization} or ${organization}::text is null)`;
    if (organization) ends.delete(organization);
    else ends.clear();
    for (const row of rows) ends.set(row.organization_id, row.at_ms);
  };
  const readAgain = (organization: string | null): void => {
    read(organization).catch((error: unknown) => logError("endings", error));
  };

  const cutOverdue = (): void => {
    for (const [organization, at] of ends) {
      const over = timestamp() - at;
      if (over >= drainMs) calls.endAll(organization, terminated);
      if (over >= forgottenMs) ends.delete(organization);
    }
  };

  changes.subscribe({
    tell: (message) => {
      if (message.startsWith("end:")) readAgain(message.slice("end:".length));
    },
    forget: () => readAgain(null),
  });
  await read(null);
  const timer = setInterval(cutOverdue, lookMs).unref();
  return { close: () => clearInterval(timer) };
}

const terminated = new AppError(
  "forbidden",
  "The agreement of this organization has ended, and the minute its last answers had is over.",
  { code: "organization_terminated" },
);
