import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { batchJobs, batchRequests } from "#db/schema/batch.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { type LastingKey, sealLasting } from "#lib/core/keyring/lasting.ts";
import { batchKey, underClaim } from "#lib/domain/batch/claims/commands.ts";
import type { AllottedLine, BatchClaim } from "#lib/domain/batch/claims/view.ts";
import { countErrors, type LineResult, resultLabel } from "#lib/domain/batch/results/rules.ts";
import { type Batch, isGivenUp } from "#lib/domain/batch/rules.ts";
import { blobOf, openContent } from "#lib/domain/files/contents/commands.ts";
import {
  customHashOf,
  type FoundLine,
  isBlank,
  LineCutter,
  type LineProblem,
  type ReadLine,
  readLine,
  repeated,
} from "./rules.ts";

/** A line with the place it has among all files of its batch. */
export type PlacedLine = FoundLine & { file: number; line: number };

type Row = typeof batchRequests.$inferSelect;

const itsRequests = ({ organizationId, id }: BatchClaim) =>
  and(eq(batchRequests.organizationId, organizationId), eq(batchRequests.jobId, id));

const batchOf = async (ctx: AccountContext, { organizationId, id }: BatchClaim): Promise<Batch | undefined> => {
  const [batch] = await ctx.db
    .select()
    .from(batchJobs)
    .where(and(eq(batchJobs.organizationId, organizationId), eq(batchJobs.id, id)));
  return batch;
};

/** What a file of a batch still has to say. */
async function* fileLines(ctx: AccountContext, batch: Batch, file: number): AsyncGenerator<FoundLine> {
  const fileId = batch.inputFiles[file];
  if (!fileId) return;
  const named = { organizationId: batch.organizationId, fileId };
  const { bytes } = await blobOf(ctx, named);
  const first = file === batch.nextFile ? batch.nextByte : 0;
  if (first >= bytes) return;
  const cutter = new LineCutter(first);
  for await (const piece of await openContent(ctx, named, { first, last: bytes - 1 })) yield* cutter.cut(piece);
  yield* cutter.rest();
}

/** The lines of a batch that no process has read yet, as they are read. */
export const unreadLines = part(async function* (ctx: AccountContext, claim: BatchClaim): AsyncGenerator<PlacedLine> {
  const batch = await batchOf(ctx, claim);
  if (!batch) return;
  let line = batch.linesRead;
  for (const file of batch.inputFiles.keys()) {
    if (file < batch.nextFile) continue;
    for await (const found of fileLines(ctx, batch, file)) if (!isBlank(found)) yield { ...found, file, line: ++line };
  }
});

/** One line of a file, from where it lies. */
async function textAt(ctx: AccountContext, batch: Batch, { file, firstByte, bytes }: Row): Promise<Buffer> {
  const fileId = batch.inputFiles[file];
  const pieces: Buffer[] = [];
  if (fileId && bytes > 0) {
    const range = { first: firstByte, last: firstByte + bytes - 1 };
    for await (const piece of await openContent(ctx, { organizationId: batch.organizationId, fileId }, range))
      pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

/** A request that another process has asked and not kept an answer of. */
export type OpenLine = AllottedLine & {
  isBilled: boolean;
  /** It ended too many processes, so it is not asked again. */
  isGivenUp: boolean;
};

/** What was asked and has no answer: its ids stay, so what was billed is not billed again. */
export const openRequests = part(async (ctx: AccountContext, claim: BatchClaim): Promise<OpenLine[]> => {
  const batch = await batchOf(ctx, claim);
  if (!batch) return [];
  const rows = await ctx.db
    .select()
    .from(batchRequests)
    .where(and(itsRequests(claim), eq(batchRequests.state, "asked")))
    .orderBy(asc(batchRequests.line));
  const billed = await billedOf(ctx, rows);
  const found: OpenLine[] = [];
  for (const row of rows) {
    const { customId, body } = readLine({ text: await textAt(ctx, batch, row) }, batch);
    const { line, requestId, at } = row;
    found.push({
      line,
      requestId,
      at,
      customId,
      body: body ?? {},
      isBilled: billed.has(requestId),
      isGivenUp: isGivenUp(row),
    });
  }
  return found;
});

async function billedOf(ctx: AccountContext, rows: readonly Row[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const asked = JSON.stringify(
    rows.map(({ organizationId, requestId, at }) => ({ organization: organizationId, id: requestId, at })),
  );
  const found = await ctx.db.execute<{ id: string }>(
    sql`select event.id from usage_events as event join json_to_recordset(${asked}::text::json)
      as asked (organization text, id text, at timestamptz) on event.organization_id = asked.organization and event.id = asked.id and event.at = asked.at`,
  );
  return new Set(found.map(({ id }) => id));
}

/**
 * Gives lines their ids, and commits them before any is asked. What is no request is refused at once, with `problem` every
 * line is. Says what is to be asked.
 */
export const allot = part(
  (
    ctx: AccountContext,
    claim: BatchClaim,
    lines: readonly PlacedLine[],
    problem: LineProblem | null = null,
  ): Promise<AllottedLine[] | "lost"> =>
    underClaim(ctx, claim, async (ctx, batch) => {
      const last = lines.at(-1);
      if (!last) return [];
      const key = await batchKey(ctx, batch);
      const read = await readAll(ctx, { batch, key, lines, problem });
      const rows = read.map(({ row }) => row);
      await ctx.db.insert(batchRequests).values(rows);
      const refused = read.flatMap(({ refusal }) => refusal ?? []);
      await ctx.db
        .update(batchJobs)
        .set({
          nextFile: last.file,
          nextByte: last.firstByte + last.bytes + 1,
          linesRead: last.line,
          failedRequests: batch.failedRequests + refused.length,
          errors: countErrors(batch.errors, refused),
        })
        .where(and(eq(batchJobs.organizationId, claim.organizationId), eq(batchJobs.id, claim.id)));
      return read.flatMap(({ asked }) => asked ?? []);
    }),
);

type Reading = { batch: Batch; key: LastingKey; lines: readonly PlacedLine[]; problem: LineProblem | null };
type Allotted = { row: typeof batchRequests.$inferInsert; asked: AllottedLine | null; refusal: LineResult | null };

async function readAll(ctx: AccountContext, { batch, key, lines, problem }: Reading): Promise<Allotted[]> {
  const read = lines.map((line) => ({ line, said: readLine(line, batch), hash: null as Buffer | null }));
  for (const one of read) if (one.said.customId !== null) one.hash = customHashOf(key.key, one.said.customId);
  const seen = await linesWith(
    ctx,
    batch,
    read.flatMap(({ hash }) => hash ?? []),
  );
  return read.map(({ line, said, hash }) => {
    const name = hash?.toString("hex");
    const before = name === undefined ? undefined : seen.get(name);
    if (name !== undefined && before === undefined) seen.set(name, line.line);
    const found = problem ?? (before === undefined ? said.problem : repeated(before));
    return allotted(ctx, { batch, key, line, said, hash: before === undefined ? hash : null, problem: found });
  });
}

/** Lines that have a name already. */
async function linesWith(ctx: AccountContext, batch: Batch, hashes: readonly Buffer[]): Promise<Map<string, number>> {
  if (hashes.length === 0) return new Map();
  const rows = await ctx.db
    .select({ hash: batchRequests.customHash, line: batchRequests.line })
    .from(batchRequests)
    .where(
      and(
        eq(batchRequests.organizationId, batch.organizationId),
        eq(batchRequests.jobId, batch.id),
        inArray(batchRequests.customHash, [...hashes]),
      ),
    );
  return new Map(rows.map(({ hash, line }) => [hash?.toString("hex") ?? "", line]));
}

type ToAllot = {
  batch: Batch;
  key: LastingKey;
  line: PlacedLine;
  said: ReadLine;
  hash: Buffer | null;
  problem: LineProblem | null;
};

function allotted(ctx: AccountContext, { batch, key, line: place, said, hash, problem }: ToAllot): Allotted {
  const { organizationId, id: jobId } = batch;
  const { line, file, firstByte, bytes } = place;
  const { customId } = said;
  const requestId = newId("request", ctx.now);
  const row = { organizationId, jobId, line, file, firstByte, bytes, customHash: hash, requestId, at: ctx.now };
  if (problem || !said.body) {
    const refusal: LineResult = { customId, requestId, response: null, problem };
    const result = sealLasting(key, refusal, resultLabel(batch, line));
    return { row: { ...row, state: "failed", result }, asked: null, refusal };
  }
  return {
    row: { ...row, state: "asked" },
    asked: { line, requestId, at: ctx.now, customId, body: said.body },
    refusal: null,
  };
}
