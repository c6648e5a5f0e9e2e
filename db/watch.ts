import { setTimeout as pause } from "node:timers/promises";
import type postgres from "postgres";
import { connect, pools } from "./pool.ts";

const beatMs = 400;
const patienceMs = 1200;
/** A connection that was silent for this long may have lost its other end without a word. */
const hopelessMs = 10_000;

type Found = "answers" | "fails" | "silent";

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
  #asked: { at: number; found: Promise<Found> } | undefined;
  readonly #onChange: (isAway: boolean) => void;
  readonly #url: string;

  constructor(url: string, onChange: (isAway: boolean) => void = () => undefined) {
    this.#url = url;
    this.#onChange = onChange;
    this.#probe = probe(url);
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
      const found = await this.#ask();
      if (this.#isStopped) return;
      if (found === "answers") this.#found();
      else this.#lost(found);
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

  /** Asks once more only when the last question has its answer: a database that stood still then finds one, not hundreds. */
  #ask(): Promise<Found> {
    this.#asked ??= { at: performance.now(), found: asked(this.#probe) };
    const { found } = this.#asked;
    return Promise.race([found, late()]).then((found) => {
      if (found !== "silent") this.#asked = undefined;
      return found;
    });
  }

  #lost(found: Found): void {
    const isHopeless = found === "fails" || performance.now() - (this.#asked?.at ?? 0) > hopelessMs;
    if (isHopeless) {
      void this.#probe.end({ timeout: 0 });
      this.#probe = probe(this.#url);
      this.#asked = undefined;
    }
    // Again each time: a pool may have been opened meanwhile.
    for (const pool of pools()) pool.refuse(away());
    if (this.#isAway) return;
    this.#isAway = true;
    this.#onChange(true);
  }
}

/** A long patience: each connection that is given up is one more that a database which stood still has to go through. */
const probe = (url: string): postgres.Sql => connect(url, 1, {}, hopelessMs / 1000).sql;

const asked = (sql: postgres.Sql): Promise<Found> =>
  sql`select 1`.then(
    () => "answers",
    () => "fails",
  );

/** A process that was busy or stopped itself finds its timer due at once: what has come meanwhile is read first. */
async function late(): Promise<Found> {
  await pause(patienceMs, undefined, { ref: false });
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  return "silent";
}
