import { type ColumnKind, columnKinds, type Tables } from "#lib/domain/retention/classes/rules.ts";
import { activityTables } from "./activity/rules.ts";
import { contractTables } from "./contract/rules.ts";
import { moneyTables } from "./money/rules.ts";
import { peopleTables } from "./people/rules.ts";
import { serviceTables } from "./services/rules.ts";
import { tuningTables } from "./tuning/rules.ts";

/** Every table there is, with what is in each of its columns. A test holds this to the catalogue of the database. */
export const classifiedTables: Tables = {
  ...activityTables,
  ...contractTables,
  ...moneyTables,
  ...peopleTables,
  ...serviceTables,
  ...tuningTables,
};

/** What is in each column of a table. */
export function columnsOf(table: string): Map<string, ColumnKind> {
  const known = classifiedTables[table];
  const found = new Map<string, ColumnKind>([["organization_id", "identifier"]]);
  for (const kind of columnKinds) for (const name of known?.[kind]?.split(" ") ?? []) found.set(name, kind);
  return found;
}
