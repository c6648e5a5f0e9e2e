import { and, asc, desc, eq, getColumns, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
import { idOfUuid } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { contentOf, fileOf } from "#lib/domain/files/queries.ts";
import type { BatchFilter } from "./input.ts";
import { inlineMost } from "./rules.ts";
import type { BatchView } from "./view.ts";

const {
  key: _key,
  nextFile: _file,
  nextByte: _byte,
  linesRead: _lines,
  claimNumber: _claim,
  leaseUntil: _lease,
  ...shown
} = getColumns(batchJobs);

export const here = (ctx: Context): SQL | undefined =>
  and(eq(batchJobs.organizationId, ctx.organizationId), eq(batchJobs.workspaceId, ctx.workspaceId));

export const shownColumns = shown;

const matching = (ctx: Context, filter: BatchFilter): SQL | undefined =>
  and(
    here(ctx),
    filter.model === undefined ? undefined : eq(batchJobs.model, filter.model),
    filter.agent_id === undefined ? undefined : eq(sql`${batchJobs.agentId}`, filter.agent_id),
    filter.status && inArray(batchJobs.status, filter.status),
    filter.created_after === undefined ? undefined : gt(batchJobs.createdAt, new Date(filter.created_after)),
    filter.created_by_me === "true" ? eq(batchJobs.createdBy, memberBehind(ctx.actor)) : undefined,
    filter.metadata && sql`${batchJobs.metadata} @> ${JSON.stringify(filter.metadata)}::text::jsonb`,
  );

/** The batches of this workspace, and how many there are. */
export async function batchesOf(
  ctx: Context,
  filter: BatchFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ batches: BatchView[]; total: number }> {
  authorize(ctx.actor, "batch.read");
  const wanted = matching(ctx, filter);
  const batches = await ctx.db
    .select(shown)
    .from(batchJobs)
    .where(wanted)
    .orderBy(filter.order_by === "created" ? asc(batchJobs.id) : desc(batchJobs.id))
    .offset(offset)
    .limit(limit);
  return { batches, total: await ctx.db.$count(batchJobs, wanted) };
}

/** The batches after one of them, the newest first, and whether there are more. */
export async function batchesAfter(
  ctx: Context,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ batches: BatchView[]; hasMore: boolean }> {
  authorize(ctx.actor, "batch.read");
  const before = after === undefined ? undefined : lt(batchJobs.id, (await batchOf(ctx, after)).id);
  const found = await ctx.db
    .select(shown)
    .from(batchJobs)
    .where(and(here(ctx), before))
    .orderBy(desc(batchJobs.id))
    .limit(limit + 1);
  return { batches: found.slice(0, limit), hasMore: found.length > limit };
}

/** A batch of this workspace by its id, in either spelling. */
export async function batchOf(ctx: Context, named: string): Promise<BatchView> {
  authorize(ctx.actor, "batch.read");
  const id = idOfUuid("batch", named);
  const [found] = id
    ? await ctx.db
        .select(shown)
        .from(batchJobs)
        .where(and(here(ctx), eq(batchJobs.id, id)))
    : [];
  if (!found) throw new AppError("not_found", "There is no such batch in this workspace.", { code: "batch_not_found" });
  return found;
}

/** An answer of this length is rather downloaded. */
const inlineBytesMost = 32 * 1024 * 1024;

/** The answers of a batch as its file of them has them; null where there is none. */
export async function outputsOf(ctx: Context, { outputFileId }: BatchView): Promise<Record<string, unknown>[] | null> {
  authorize(ctx.actor, "files.read");
  if (outputFileId === null) return null;
  const file = await fileOf(ctx, outputFileId);
  if (file.bytes > inlineBytesMost || (file.lines ?? 0) > inlineMost)
    throw new AppError("invalid", "The answers are too many to stand in one. Download the output file.", {
      code: "batch_too_large",
    });
  return parsedLines(await contentOf(ctx, file));
}

async function parsedLines(pieces: AsyncIterable<Buffer>): Promise<Record<string, unknown>[]> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(Buffer.from(piece));
  const lines = Buffer.concat(parts).toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
}
