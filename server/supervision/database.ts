import type { Embedded } from "#db/embedded.ts";
import { startPostgres } from "#db/embedded.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { Fault } from "#lib/core/errors.ts";
import { log, logError } from "#lib/core/log.ts";
import { stop } from "#server/lifecycle.ts";
import type { Tenancy } from "#server/tenancy.ts";

const everyMs = 500;

/** Starts the embedded database again whenever it has ended, and keeps the folder this server's own. */
export class DatabaseKeeper {
  readonly #home: string;
  readonly #tenancy: Tenancy;
  #postgres: Embedded;
  #isStopped = false;
  #work: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(home: string, postgres: Embedded, tenancy: Tenancy) {
    this.#home = home;
    this.#postgres = postgres;
    this.#tenancy = tenancy;
    let isBusy = false;
    this.#timer = setInterval(() => {
      if (isBusy || this.#isStopped) return;
      isBusy = true;
      this.#work = this.#look()
        .catch((error: unknown) => void (isDatabaseAway(error) || logError("database.keep", error)))
        .finally(() => {
          isBusy = false;
        });
    }, everyMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#work;
    await this.#tenancy.leave();
    await this.#postgres.stop();
  }

  async #look(): Promise<void> {
    if (!this.#postgres.isRunning()) {
      log("part.ended", { part: "database" });
      // On the same port, which is all that the other processes know of it.
      this.#postgres = await startPostgres(this.#home, this.#postgres.port);
    }
    if (await this.#tenancy.keep()) return;
    logError("database.taken", new Fault("Another server has taken this folder."));
    void stop(1);
  }
}
