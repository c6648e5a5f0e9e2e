import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { anew, connect, deadlines, sessionSettings } from "./pool.ts";
import { sqlstateOf } from "./sqlstate.ts";

const rounds = 5;
const patienceMs = 3000;

/**
 * Locks of a session, LISTEN and prepared statements need a session of one's own. Throws, in one line, what is wrong with
 * an address that leads to a pooler which gives none.
 */
export async function refusePooler(url: string): Promise<void> {
  const [first, second] = [connect(url, 1).sql, connect(url, 1, deadlines).sql];
  const listening = anew(first);
  try {
    for (let round = 0; round < rounds; round++) {
      const mark = randomBytes(8).toString("hex");
      await first`select set_config('comptoir.mark', ${mark}, false)`;
      const [found] = await second`select current_setting('comptoir.mark', true) as mark`;
      if (found?.mark === mark) throw new Error(noSession);
    }
    const channel = `probe_${randomBytes(8).toString("hex")}`;
    const heard = new Promise<boolean>((resolve) => {
      void listening.listen(channel, () => resolve(true)).then(() => second.notify(channel, ""));
    });
    if (!(await Promise.race([heard, pause(patienceMs, false, { ref: false })]))) throw new Error(noSession);
  } catch (error) {
    throw asReason(error);
  } finally {
    await Promise.all([first, second, listening].map((sql) => sql.end({ timeout: 1 })));
  }
}

const noSession =
  "DATABASE_URL leads to a connection pooler that shares sessions, as PgBouncer does in transaction mode. Give the address of PostgreSQL itself, or let the pooler work in session mode.";

const refusedSettings =
  "DATABASE_URL leads to a connection pooler that refuses settings of a session. Give the address of PostgreSQL itself, or add " +
  `${sessionSettings.join(", ")} to the pooler's ignore_startup_parameters.`;

function asReason(error: unknown): unknown {
  const state = sqlstateOf(error);
  if (state === "08P01") return new Error(refusedSettings);
  // A statement that was prepared in a session is not there in the next one, or is there already.
  return state === "26000" || state === "42P05" ? new Error(noSession) : error;
}
