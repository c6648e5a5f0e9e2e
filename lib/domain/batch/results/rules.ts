import type { Id } from "#db/id.ts";
import type { LineProblem } from "#lib/domain/batch/reading/rules.ts";

/** What came of a request: an answer of the endpoint, right or wrong, or why it was not asked. */
export type LineResult = {
  customId: string | null;
  requestId: Id<"request">;
  response: { status: number; body: unknown } | null;
  problem: LineProblem | null;
};

/** A result as a line of the file it will be in. */
export const resultLine = ({ customId, requestId, response, problem }: LineResult): string =>
  JSON.stringify({
    id: `batch_${requestId}`,
    custom_id: customId,
    response: response && { status_code: response.status, request_id: requestId, body: response.body },
    error: problem,
  });

/** Where a result is sealed for: its line, and no other. */
export const resultLabel = ({ id }: { id: Id<"batch"> }, line: number): string => `${id} line ${line}`;

export const isAnswered = ({ response }: Pick<LineResult, "response">): boolean =>
  response !== null && response.status >= 200 && response.status < 300;

/** Kinds of refusals that are told apart; the rest is counted together. */
const kindsMost = 50;
const others = "others";

/** What a refusal is counted as: never in words that quote what was asked. */
export function errorName({ response, problem }: LineResult): string {
  if (problem) return problem.code;
  const body = response?.body as { type?: unknown } | null;
  const type = typeof body?.type === "string" && /^[a-z_]{1,60}$/.test(body.type) ? body.type : "error";
  return `${type} (${response?.status ?? 0})`;
}

/** Counts refusals by what they are. */
export function countErrors(known: Readonly<Record<string, number>>, results: readonly LineResult[]) {
  const counts: Record<string, number> = { ...known };
  for (const result of results) {
    if (isAnswered(result)) continue;
    const name = errorName(result);
    const shown = name in counts || Object.keys(counts).length < kindsMost ? name : others;
    counts[shown] = (counts[shown] ?? 0) + 1;
  }
  return counts;
}
