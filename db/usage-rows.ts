/** The columns of `usage_events` in the order the table has them, which is the order of a row's literal. */
export const usageColumns = [
  "organization_id",
  "id",
  "at",
  "workspace_id",
  "key_id",
  "user_id",
  "end_user",
  "endpoint",
  "requested_model",
  "model",
  "streamed",
  "prompt_tokens",
  "cached_tokens",
  "completion_tokens",
  "input_micros",
  "cached_input_micros",
  "output_micros",
  "cost_pico",
  "first_byte_ms",
  "latency_ms",
  "status",
  "outcome",
  "reason",
  "address",
  "agent",
  "clause",
  "training_eligible",
  "waived_pico",
  "held_pico",
  "clamped_tokens",
  "limit_scope",
  "limit_left_pico",
  "requests_left",
  "tokens_left",
  "agent_id",
  "agent_version",
] as const;

type Value = string | number | boolean | null;
export type UsageValues = Record<(typeof usageColumns)[number], Value>;

/** Events as `meter()` reads them fastest: a PostgreSQL array of rows, less than half as long as JSON with its names. */
export const usageRows = (rows: readonly UsageValues[]): string => `{${rows.map(rowOf).join(",")}}`;

/** Columns whose text is not all our own; ids, numbers, instants and words of a closed set need no quoting. */
const typed: readonly string[] = ["end_user", "requested_model", "model", "reason", "address", "agent"];
const isTyped = usageColumns.map((name) => typed.includes(name));

function rowOf(row: UsageValues): string {
  let text = "";
  for (let i = 0; i < usageColumns.length; i++) {
    const value = row[usageColumns[i] as keyof UsageValues];
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
