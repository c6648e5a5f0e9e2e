import { and, asc, eq, gt, isNotNull } from "drizzle-orm";
import { uuidOf } from "#db/id.ts";
import { batchRequests } from "#db/schema/batch.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { type LastingKey, openLasting } from "#lib/core/keyring/lasting.ts";
import type { Batch } from "#lib/domain/batch/rules.ts";
import { receiveBytes } from "#lib/domain/files/contents/commands.ts";
import type { Received } from "#lib/domain/files/view.ts";
import { type LineResult, resultLabel, resultLine } from "./rules.ts";

export type MadeFile = { name: string; sampleType: "batch_result" | "batch_error"; received: Omit<Received, "check"> };

const pageLines = 100;

/** The results of one kind in the order of the input, a few of them in memory at a time. */
async function* linesOf(
  ctx: AccountContext,
  { organizationId, id }: Batch,
  key: LastingKey,
  state: "answered" | "failed",
): AsyncIterable<Buffer> {
  let after = 0;
  for (;;) {
    const rows = await ctx.db
      .select({ line: batchRequests.line, result: batchRequests.result })
      .from(batchRequests)
      .where(
        and(
          eq(batchRequests.organizationId, organizationId),
          eq(batchRequests.jobId, id),
          eq(batchRequests.state, state),
          gt(batchRequests.line, after),
          isNotNull(batchRequests.result),
        ),
      )
      .orderBy(asc(batchRequests.line))
      .limit(pageLines);
    for (const { line, result } of rows) {
      if (result) yield Buffer.from(`${resultLine(openLasting<LineResult>(key, result, resultLabel({ id }, line)))}\n`);
      after = line;
    }
    if (rows.length < pageLines) return;
  }
}

/** Whether there is a first one, so that no empty file is made. */
async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Writes the files of a batch: answers in one, refusals in the other. They belong to no one until the batch ends. */
export const writeResults = part(async (ctx: AccountContext, batch: Batch, key: LastingKey): Promise<MadeFile[]> => {
  const made: MadeFile[] = [];
  for (const [state, word, sampleType] of [
    ["answered", "output", "batch_result"],
    ["failed", "errors", "batch_error"],
  ] as const) {
    const lines = linesOf(ctx, batch, key, state)[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) continue;
    const received = await receiveBytes(inOrganization(ctx, batch.organizationId), startingWith(first.value, lines));
    made.push({ name: `batch-${uuidOf(batch.id)}-${word}.jsonl`, sampleType, received });
  }
  return made;
});
