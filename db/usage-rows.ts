import { getColumns } from "drizzle-orm";
import { usageEvents } from "./schema/usage.ts";

/** The columns of `usage_events` in the order the table has them, which is the order of a row's literal. */
export const usageColumns = Object.values(getColumns(usageEvents)).map(({ name }) => name as keyof UsageRow);

type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : "";
type Wire<Value> = Value extends Date | bigint ? string : Value;
type Selected = typeof usageEvents.$inferSelect;

/** A row of `usage_events` in the database's own names, because that is what it is handed over as. */
export type UsageRow = { [Key in keyof Selected as Snake<Key>]: Wire<Selected[Key]> };

/** What a request's row says of fees: it has none but those of its tokens. */
export const noFee = { kind: "request", job_id: null, quantity: 0, fee_pico: "0" } as const;

/** Events as `meter()` reads them fastest: a PostgreSQL array of rows, less than half as long as JSON with its names. */
export const usageRows = (rows: readonly UsageRow[]): string => `{${rows.map(rowOf).join(",")}}`;

/** Columns whose text is not all our own; ids, numbers, instants and words of a closed set need no quoting. */
const typed: readonly (keyof UsageRow)[] = ["end_user", "requested_model", "model", "reason", "address", "agent"];
const isTyped = usageColumns.map((name) => typed.includes(name));

function rowOf(row: UsageRow): string {
  let text = "";
  for (let i = 0; i < usageColumns.length; i++) {
    const value = row[usageColumns[i] as keyof UsageRow];
    // Nothing at all is null; the empty text is a pair of quotes.
    if (value !== null) text += typeof value === "string" && isTyped[i] ? textOf(value) : value;
    text += ",";
  }
  return `"(${text.slice(0, -1)})"`;
}

const plain = /^[\w.:+/-]+$/;

/** Quoted twice, once for the row and once for the array around it. */
const textOf = (value: string): string =>
  plain.test(value) ? value : `\\"${value.replaceAll("\\", "\\\\\\\\").replaceAll('"', '\\"\\"')}\\"`;
