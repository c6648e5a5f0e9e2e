import { stateOf } from "#app/(console)/[workspace]/usage/state.ts";
import { AppError, httpStatus } from "#lib/errors.ts";
import { decimalString } from "#lib/money.ts";
import { workspaceContext } from "#lib/session.ts";
import { type UsageDay, usageDays } from "#lib/usage/queries.ts";

type Props = { params: Promise<{ workspace: string }> };

export async function GET(request: Request, { params }: Props): Promise<Response> {
  try {
    const ctx = await workspaceContext((await params).workspace);
    const asked = Object.fromEntries(new URL(request.url).searchParams);
    const state = await stateOf(Promise.resolve(asked), ctx.now);
    const rows = await usageDays(ctx, state.by, state);
    return new Response(csvOf(rows, state.by), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="usage-by-${state.by}-${state.from}-${state.to}.csv"`,
      },
    });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}

function csvOf(rows: readonly UsageDay[], by: "model" | "key"): string {
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
