import { expect } from "vitest";
import type { Db, Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { openContent, receiveContent } from "#lib/domain/files/contents/commands.ts";
import { BatchRunner } from "#lib/gateway/batch/runner.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { houseOf } from "#lib/testing/tuning.ts";

export type Request = { custom_id?: string | null; body: object; method?: string; url?: string };

/** For tests: a chat with one question, as a line of a batch. */
export const chatLine = (name: string, change: object = {}): Request => ({
  custom_id: name,
  body: { model: "small", messages: [{ role: "user", content: `Question ${name}` }], max_tokens: 10, ...change },
});

async function* piecesOf(text: string): AsyncIterable<Buffer> {
  yield Buffer.from(text);
}

/** For tests: a file of requests. */
export async function requestFile(
  ctx: Context,
  lines: readonly (Request | string)[],
  visibility: "workspace" | "user" = "workspace",
): Promise<Id<"file">> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const received = await receiveContent(ctx, piecesOf(`${text}\n`), "batch");
  return (await keepFile(ctx, { file: "questions.jsonl", purpose: "batch", visibility, expiry: undefined }, received))
    .id;
}

/** For tests: a process that works off batches, as a front does. */
export function batchRunner(db: Db, ctx: Context, plane: DataPlane, batchesMost?: number): BatchRunner {
  const context = () => houseOf(db, ctx, now());
  return new BatchRunner({ plane, context, atOnce: 4, pollMs: 20, ...(batchesMost && { batchesMost }) });
}

/** For tests: waits until a batch is in one of some states. */
export async function untilBatch(sql: Sql, id: Id<"batch">, ...states: string[]): Promise<void> {
  const look = async (): Promise<string> => {
    const [row] = await sql`select status from batch_jobs where id = ${id}`;
    return row?.status ?? "gone";
  };
  await expect.poll(look, { timeout: 60_000, interval: 20 }).toMatch(new RegExp(`^(${states.join("|")})$`));
}

type ResultLine = {
  id: string;
  custom_id: string | null;
  response: { status_code: number; request_id: string; body: Record<string, unknown> } | null;
  error: { code: string; message: string } | null;
};

/** For tests: the lines of a file of results; none where there is no file. */
export async function resultsIn(db: Db, ctx: Context, fileId: Id<"file"> | null): Promise<ResultLine[]> {
  if (!fileId) return [];
  let text = "";
  for await (const piece of await openContent(houseOf(db, ctx), { organizationId: ctx.organizationId, fileId }))
    text += piece.toString();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ResultLine);
}
