import type { Sql } from "#db/client.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { logError } from "#lib/core/log.ts";
import { originOf } from "#lib/core/origins.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";

/** Bounds the memory of a process; pages of further origins are refused at their preflight. */
const mostOrigins = 100_000;

/** Which pages of other origins may read answers of `/v1`; kept current by the change feed. */
export type WebOrigins = {
  /** No page of another origin may read anything. */
  isEmpty: () => boolean;
  /** The operator opened the installation to pages of this origin, with any key. */
  isOpenToEveryKey: (origin: string) => boolean;
  /** Some list has this origin: the operator's, or that of an organization for its keys for web pages. */
  isListed: (origin: string) => boolean;
  close: () => Promise<void>;
};

export async function openWebOrigins(sql: Sql, changes: ChangeFeed, setting = ""): Promise<WebOrigins> {
  const origins = new ListedOrigins(sql, setting);
  changes.subscribe({
    tell: (message) => {
      if (message === "origins") origins.reload();
    },
    forget: () => origins.reload(),
  });
  await origins.open();
  return origins;
}

class ListedOrigins implements WebOrigins {
  readonly #sql: Sql;
  readonly #isForAll: boolean;
  readonly #operators: ReadonlySet<string>;
  #organizations: ReadonlySet<string> = new Set();
  #isStale = true;
  #loading: Promise<void> | undefined;

  constructor(sql: Sql, setting: string) {
    const named = setting.split(",").map((one) => one.trim());
    this.#sql = sql;
    this.#isForAll = named.includes("*");
    this.#operators = new Set(named.flatMap((one) => originOf(one) ?? []));
  }

  isEmpty(): boolean {
    return !this.#isStale && !this.#isForAll && this.#operators.size === 0 && this.#organizations.size === 0;
  }

  isOpenToEveryKey(origin: string): boolean {
    return this.#isForAll || this.#operators.has(origin);
  }

  isListed(origin: string): boolean {
    // What could not be read when it changed is read again once a page asks.
    if (this.#isStale) this.reload();
    return this.isOpenToEveryKey(origin) || this.#organizations.has(origin);
  }

  /** Reads them for the first time; without them there is no start. */
  async open(): Promise<void> {
    this.#loading = this.#load();
    await this.#loading;
  }

  reload(): void {
    this.#isStale = true;
    this.#loading ??= this.#load().catch((error: unknown) => {
      if (!isDatabaseAway(error)) logError("gate.origins", error);
    });
  }

  async #load(): Promise<void> {
    try {
      // A change that comes while they are read makes them stale again.
      while (this.#isStale) {
        this.#isStale = false;
        const rows = await this.#sql<{ origin: string }[]>`
          select distinct unnest(web_origins) as origin from organizations where web_origins <> '{}' limit ${mostOrigins}`;
        this.#organizations = new Set(rows.map(({ origin }) => origin));
      }
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#loading;
  }
}
