import { drizzle } from "drizzle-orm/postgres-js";
import { type Db, sql as pool, type Sql } from "./client.ts";
import { type Id, isId } from "./id.ts";

/** The role of everything a person asks for: it owns nothing, bypasses nothing, and sees the rows that policies show it. */
export const tenantRole = "comptoir_tenant";

/** Whose rows statements may touch: one organization's, those of every organization a person is in, or, at a desk, all. */
export type Reach = {
  organizationId?: Id<"organization">;
  userId?: Id<"user">;
  isStaff?: boolean;
  /** Nothing can be changed at all. */
  isReadOnly?: boolean;
};

/**
 * The database as a person with this reach sees it: the second line behind `authorize` and every query's own condition.
 * Each statement runs in a transaction under the tenant role, because a pooled connection must keep nothing of it.
 */
export function tenantDb(reach: Reach, sql: Sql = pool()): Db {
  const settings = settingsOf(reach);
  const begin = <T>(work: (tx: Transaction) => Promise<T>) =>
    sql.begin(async (tx) => {
      await tx.unsafe(settings);
      return work(tx as Transaction);
    });
  const unsafe = (...statement: Parameters<Transaction["unsafe"]>) => ({
    // biome-ignore lint/suspicious/noThenProperty: a pending query is awaited as it is, or asked for its values first
    then: (...settled: Parameters<Promise<unknown>["then"]>) => begin((tx) => tx.unsafe(...statement)).then(...settled),
    values: () => begin((tx) => tx.unsafe(...statement).values()),
  });
  return drizzle({ client: { options: sql.options, begin, unsafe } as unknown as Sql });
}

type Transaction = Pick<Sql, "unsafe">;

/** Settings, not queries, so that a transaction may still choose its isolation afterwards. */
function settingsOf({ organizationId, userId, isStaff, isReadOnly }: Reach): string {
  if (organizationId && !isId("organization", organizationId)) throw new Error("An organization's id was expected.");
  if (userId && !isId("user", userId)) throw new Error("A user's id was expected.");
  return [
    `set local role ${tenantRole}`,
    `set local app.organization = '${organizationId ?? ""}'`,
    `set local app.person = '${userId ?? ""}'`,
    `set local app.reach = '${isStaff ? "all" : ""}'`,
    ...(isReadOnly ? ["set transaction read only"] : []),
  ].join(";");
}
