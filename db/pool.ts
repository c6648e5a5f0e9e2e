import { makePgArray, parsePgArray } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { guardTransactions, onclose, refused } from "./lost-connections.ts";

type Sql = postgres.Sql;
type Connection = { sql: Sql; db: PostgresJsDatabase };

const second = 1000;
/** How long a connection may take to come about. Who asks may ask again. */
const connectSeconds = 2;
/** The server ends what takes longer, so that nothing waits for it without end. */
export const deadlines = {
  statement_timeout: 300 * second,
  lock_timeout: 30 * second,
  idle_in_transaction_session_timeout: 300 * second,
};

/** A setting of the server's cannot make its log a place for what statements were given. As text: the driver leaves out a 0. */
const quiet = { log_parameter_max_length_on_error: "0" };
/** What a pooler has to let through, beside what every one does. */
export const sessionSettings = Object.keys({ ...deadlines, ...quiet });

type Settings = Partial<typeof deadlines>;

const arrayOf = (oid: number, parse: (element: string) => unknown = String): postgres.PostgresType => ({
  to: oid,
  from: [oid],
  serialize: (value: unknown) => (Array.isArray(value) ? makePgArray(value) : value),
  parse: (text: string) => parsePgArray(text).map(parse),
});

/**
 * The arrays we have. The driver would ask every new connection for them, with a statement whose failure no one can catch;
 * the only thing it cannot do without that is `reserve` on a connection that is new.
 */
const arrays = { names: arrayOf(1003), integers: arrayOf(1007, Number), texts: arrayOf(1009), bigints: arrayOf(1016) };

/** Opens connections. Sessions run in UTC, because day arithmetic in another zone would move legal dates. */
export function connect(url: string, max = 10, settings: Settings = {}, patience = connectSeconds): Connection {
  const driver = postgres(url, {
    max,
    onnotice: () => {},
    onclose,
    fetch_types: false,
    types: arrays,
    connect_timeout: patience,
    // The driver ends connections after half an hour or more. A lock of the session would end with a single one.
    ...(max === 1 && { max_lifetime: null }),
    // The driver's own pause grows to 20 seconds, in which statements wait although the database is back.
    backoff: () => 0.1,
    connection: {
      TimeZone: "UTC",
      application_name: "comptoir",
      ...quiet,
      ...settings,
    },
  });
  const sql = guardTransactions(driver);
  return { sql, db: drizzle({ client: sql }) };
}

/** A driver of its own with the same settings. Nothing that went wrong in the other one is in it. */
export const anew = (sql: Sql): Sql =>
  guardTransactions(postgres({ ...sql.options, max: 1 } as unknown as postgres.Options<never>) as Sql);

const shared = globalThis as unknown as { comptoirPools?: Set<Pool> };

/** Every open pool of the process, for the watch over them. */
export const pools = (): Set<Pool> => {
  shared.comptoirPools ??= new Set();
  return shared.comptoirPools;
};

/**
 * After this long without an answer to the smallest statement, connections do not get better by themselves. Where there
 * are several, it may stand behind long statements on all of them.
 */
const stalledMs = (max: number): number => (max === 1 ? 4 : 60) * second;
/** What a stalled pool's other statements get to end in. */
const graceSeconds = 5;

/** A pool whose connections are replaced as a whole when they stall. `sql` and `db` stay the same objects. */
export class Pool {
  readonly sql: Sql;
  readonly db: PostgresJsDatabase;
  readonly #open: () => Connection;
  readonly #stalledMs: number;
  #connection: Connection;
  #refusal: Error | undefined;
  #askedAt: number | undefined;

  constructor(url: string, max: number) {
    this.#open = () => connect(url, max, deadlines);
    this.#stalledMs = stalledMs(max);
    this.#connection = this.#open();
    this.sql = this.#face();
    this.db = drizzle({ client: this.sql });
    pools().add(this);
  }

  /** Fails what waits, and refuses what comes until `resume`. */
  refuse(error: Error): void {
    if (this.#refusal) return;
    this.#refusal = error;
    this.#replace(0);
  }

  resume(): void {
    this.#refusal = undefined;
  }

  /** Asks for a sign of life, or replaces the connections when the last one has not come. */
  check(): void {
    if (this.#askedAt !== undefined) {
      if (performance.now() - this.#askedAt > this.#stalledMs) this.#replace(graceSeconds);
      return;
    }
    this.#askedAt = performance.now();
    const { sql } = this.#connection;
    const answered = () => {
      if (sql === this.#connection.sql) this.#askedAt = undefined;
    };
    sql`select 1`.then(answered, answered);
  }

  async end(): Promise<void> {
    pools().delete(this);
    await this.#connection.sql.end({ timeout: graceSeconds });
  }

  #replace(graceSeconds: number): void {
    void this.#connection.sql.end({ timeout: graceSeconds });
    this.#connection = this.#open();
    this.#askedAt = undefined;
  }

  #face(): Sql {
    const asks = new Set<PropertyKey>(["unsafe", "begin", "reserve", "listen", "notify", "file"]);
    return new Proxy((() => undefined) as unknown as Sql, {
      apply: (_face, _this, given: Parameters<Sql>) =>
        this.#refusal ? refused(this.#refusal) : this.#connection.sql(...given),
      get: (_face, name) => {
        if (name === "end") return () => this.end();
        const refusal = this.#refusal;
        if (refusal && asks.has(name)) return () => refused(refusal);
        return Reflect.get(this.#connection.sql, name);
      },
    });
  }
}
