import { decimalString } from "#lib/money.ts";
import type { UsageDay } from "#lib/usage/queries.ts";

/** The days of a range as a file: exact amounts, one line for each day and model or key. */
export function csvOf(rows: readonly UsageDay[], by: "model" | "key"): string {
  const head = [
    "day",
    `${by}_id`,
    by,
    "requests",
    "failed",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "cost_eur",
  ];
  const lines = rows.map((row) => [
    row.day,
    row.id,
    row.name,
    row.requests,
    row.failed,
    row.promptTokens,
    row.cachedTokens,
    row.completionTokens,
    decimalString(row.costPico),
  ]);
  return [head, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** A name that begins like a formula must stay a text in a spreadsheet. */
function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
