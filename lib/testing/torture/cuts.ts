import type { Db } from "#db/client.ts";
import type { Chance } from "./chance.ts";

/** A process that died in the middle of its work. */
export class Cut extends Error {}

const statements = new Set<PropertyKey>(["select", "insert", "update", "delete", "execute"]);
const manners = ["before", "inside", "after"] as const;

/**
 * A database of a process that dies at its `left`th step: before a statement or transaction, inside the transaction, so that
 * it is rolled back, or right after its commit.
 */
export function dyingDb(db: Db, chance: Chance): Db {
  let left = chance.below(6);
  const manner = chance.one(manners) ?? "before";
  let isDead = false;
  const step = (): boolean => {
    if (isDead) throw new Cut("dead");
    left -= 1;
    isDead = left < 0;
    return isDead;
  };
  const transaction = async (work: (tx: Db) => Promise<unknown>, ...more: unknown[]) => {
    const dies = step();
    if (dies && manner === "before") throw new Cut("before a transaction");
    const run = db.transaction as (work: (tx: Db) => Promise<unknown>, ...more: unknown[]) => Promise<unknown>;
    const result = await run.call(
      db,
      async (tx) => {
        const inner = await work(tx);
        if (dies && manner === "inside") throw new Cut("inside a transaction");
        return inner;
      },
      ...more,
    );
    if (dies) throw new Cut("after a commit");
    return result;
  };
  return new Proxy(db, {
    get(target, name) {
      if (name === "transaction") return transaction;
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== "function") return found;
      if (statements.has(name) && step()) throw new Cut(`before ${String(name)}`);
      return found.bind(target);
    },
  });
}
