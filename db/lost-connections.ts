import type postgres from "postgres";

/** A statement of the driver's; `handler` is the pool's, or that of the transaction it belongs to. */
type Query = { handler: object; reject: (error: Error) => void };
/** A connection of the driver's, as it shows it to who begins a transaction. */
type Connection = { id: number; execute: (query: Query) => unknown };
type Options = postgres.UnsafeQueryOptions & { onexecute?: (connection: Connection) => unknown };
type Statement = (text: string, args?: never[], options?: Options) => postgres.PendingQuery<postgres.Row[]>;
type Work = (tx: postgres.TransactionSql) => unknown;
type Begin = (...given: [...options: string[], work: Work]) => Promise<unknown>;

/** Connections that transactions were begun on, by the numbers the driver gives them in the process. */
const holders = new Map<number, WeakRef<Holder>>();

export const onclose = (id: number): void => holders.get(id)?.deref()?.lose();

/**
 * Who may speak on a connection. What a transaction says after its connection has ended, the driver would write to nothing,
 * which ends the process, or to the connection that is opened in its place.
 */
class Holder {
  #isLost = false;
  #speaking = new Set<object>();
  readonly #over = new WeakSet<object>();

  constructor(connection: Connection, pool: object) {
    const { execute } = connection;
    connection.execute = (query) => {
      if (query.handler !== pool) {
        if (this.#isLost || this.#over.has(query.handler)) {
          query.reject(lost());
          // The driver takes it for written, and leaves the connection where it looks for one to open.
          return true;
        }
        this.#speaking.add(query.handler);
        // A connection that fails ends a moment later, and what is written until then stays in its way when it is opened anew.
        const { reject } = query;
        query.reject = (error) => {
          if ("errno" in error) this.lose();
          reject(error);
        };
      }
      return execute(query);
    };
  }

  /** Another transaction begins. */
  hold(): void {
    this.#isLost = false;
    this.#speaking = new Set();
  }

  lose(): void {
    this.#isLost = true;
    for (const handler of this.#speaking) this.#over.add(handler);
  }
}

/**
 * Transactions that end with their connection. What one says after that would be done on the next connection, outside of
 * any transaction.
 */
export function guardTransactions(sql: postgres.Sql): postgres.Sql {
  const statement = sql.unsafe as unknown as Statement;
  const begin = sql.begin as unknown as Begin;
  // The driver begins a transaction by this too, and says to its option on which connection.
  const unsafe: Statement = (...given) => {
    const [text, args, options] = given;
    const onexecute = options?.onexecute;
    if (!onexecute) return statement(...given);
    const begun = statement(text, args, {
      ...options,
      onexecute: (connection: Connection) => {
        const { handler } = begun as unknown as Query;
        const holder = holders.get(connection.id)?.deref() ?? new Holder(connection, handler);
        // What is kept of a connection goes with it.
        holders.set(connection.id, new WeakRef(holder));
        holder.hold();
        return onexecute(connection);
      },
    });
    return begun;
  };
  const guarded: Begin = (...given) => {
    const work = given.pop() as Work;
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    const outcome = begin(...(given as string[]), (tx) => work(whileOpen(tx, () => isOver)));
    outcome.then(end, end);
    return outcome;
  };
  return Object.assign(sql, { unsafe, begin: guarded });
}

/** What the driver says of a connection that ends. */
const lost = (): Error =>
  Object.assign(new Error("The transaction's connection is lost."), { code: "CONNECTION_CLOSED" });

/** A transaction that refuses what is said after its end. */
function whileOpen<T extends object>(tx: T, isOver: () => boolean): T {
  return new Proxy(tx, {
    apply: (target, self, given) =>
      isOver() ? refused(lost()) : Reflect.apply(target as unknown as () => unknown, self, given),
    get: (target, name) => {
      const found: unknown = Reflect.get(target, name);
      if (name === "unsafe" || name === "file") return isOver() ? () => refused(lost()) : found;
      if (name !== "savepoint") return found;
      const savepoint = found as Begin;
      return (...given: Parameters<Begin>) => {
        const work = given.pop() as Work;
        if (isOver()) return refused(lost());
        return savepoint(...(given as string[]), (tx) => work(whileOpen(tx, isOver)));
      };
    },
  });
}

/** A statement that failed before it was sent, with what callers do to a statement before they wait for it. */
export function refused(error: Error): unknown {
  const rejection = Promise.reject(error);
  rejection.catch(() => undefined);
  const same = () => rejection;
  return Object.assign(rejection, { values: same, simple: same, raw: same, execute: same, describe: same });
}
