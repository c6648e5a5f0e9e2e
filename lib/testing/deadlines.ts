import type { Db } from "#db/client.ts";
import { deadlineFlaws } from "#lib/domain/invariants/deadlines/queries.ts";
import { systemAt } from "./billing.ts";

/** For tests: what is wrong with the deadlines of all customers, where no sweep has run and so no date has passed. */
export const wrongDeadlines = async (db: Db): Promise<string[]> => {
  const found = await deadlineFlaws(systemAt(db, new Date(0)));
  return found.filter(({ violations }) => violations > 0).map(({ name, violations }) => `${name}: ${violations}`);
};
