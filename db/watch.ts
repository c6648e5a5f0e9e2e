import { setTimeout as pause } from "node:timers/promises";
import type postgres from "postgres";
import { connect, pools } from "./pool.ts";

const beatMs = 400;
const patienceMs = 1200;

/** What a statement fails with while the database does not answer; see `isDatabaseAway`. */
const away = (): Error => Object.assign(new Error("The database does not answer."), { code: "DATABASE_AWAY" });

/**
 * Knows within two seconds whether the database answers. While it does not, every statement of the process fails at
 * once instead of waiting, which the driver would let it do for minutes; when it is back, pools begin anew.
 */
export class DatabaseWatch {
  #probe: postgres.Sql;
  #isAway = false;
  #isStopped = false;
  readonly #onChange: (isAway: boolean) => void;
  readonly #url: string;

  constructor(url: string, onChange: (isAway: boolean) => void = () => undefined) {
    this.#url = url;
    this.#onChange = onChange;
    this.#probe = connect(url, 1).sql;
    void this.#watch();
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#probe.end({ timeout: 1 });
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const isThere = await answers(this.#probe);
      if (this.#isStopped) return;
      if (isThere) this.#found();
      else this.#lost();
      await pause(beatMs, undefined, { ref: false });
    }
  }

  #found(): void {
    if (this.#isAway) {
      this.#isAway = false;
      for (const pool of pools()) pool.resume();
      this.#onChange(false);
    }
    for (const pool of pools()) pool.check();
  }

  #lost(): void {
    void this.#probe.end({ timeout: 0 });
    this.#probe = connect(this.#url, 1).sql;
    // Again each time: a pool may have been opened meanwhile.
    for (const pool of pools()) pool.refuse(away());
    if (this.#isAway) return;
    this.#isAway = true;
    this.#onChange(true);
  }
}

/** Whether the smallest statement is answered in time. */
async function answers(sql: postgres.Sql): Promise<boolean> {
  const asked = sql`select 1`.then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late()]);
}

/** A process that was busy or stopped itself finds its timer due at once: what has come meanwhile is read first. */
async function late(): Promise<false> {
  await pause(patienceMs, undefined, { ref: false });
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  return false;
}
