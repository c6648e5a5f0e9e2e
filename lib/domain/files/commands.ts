import { and, eq, exists, gt, isNull, lt, not, or, sql } from "drizzle-orm";
import { type Id, newId, uuidOf } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { files } from "#db/schema/files.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { closeBlob, dropBlobs } from "#lib/domain/retention/blobs/commands.ts";
import { sweeping } from "#lib/domain/retention/blobs/rules.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { keepBlob } from "./blobs/commands.ts";
import { problemCount, refusalOf } from "./checking/rules.ts";
import { fileInput, keepInput } from "./input.ts";
import { activeJobsOf, fileOf } from "./queries.ts";
import { takeRoom } from "./quota/commands.ts";
import { keepReport } from "./reports/commands.ts";
import { expiryOf, type FilePurpose, sampleTypeOf } from "./rules.ts";
import type { Received, StoredFile } from "./view.ts";

type Keeping = {
  /** What is refused is kept for a day, so that it can be mended. */
  keepsDraft?: boolean;
};

/** Makes a file of what was received. The same content under the same name and for the same purpose is the file that is there. */
export const keepFile = command({
  can: "files.write",
  within: "workspace",
  input: keepInput,
  run: (
    ctx,
    { file: name, purpose, visibility, expiry },
    received: Received,
    keeping: Keeping = {},
  ): Promise<StoredFile> =>
    transaction(ctx, async (ctx) => {
      const { organizationId, workspaceId, now: createdAt } = ctx;
      const isDraft = isRefused(received, keeping);
      const blobId = await keepBlob(ctx, received);
      const createdBy = memberBehind(ctx.actor);
      const like = { organizationId, workspaceId, blobId, name, purpose, visibility, createdBy, isDraft };
      const known = await fileLike(ctx, like);
      if (known) return fileOf(ctx, known);
      await takeRoom(ctx, received.bytes);
      const id = newId("file", createdAt);
      const found = foundIn(received, purpose);
      const expiresAt = expiryOf(createdAt, { hours: expiry, isDraft });
      const made = { ...like, ...found, id, source: "upload" as const, createdAt, expiresAt };
      await ctx.db.insert(files).values({ ...made, isExpiryAsked: expiry !== undefined });
      await keepReport(ctx, id, received.check);
      await writeAudit(ctx, {
        action: "file.create",
        object: { type: "file", id },
        after: { purpose, visibility, bytes: found.bytes, lines: found.lines, expires: expiresAt, draft: isDraft },
        clause: "T-4.2.3-1",
      });
      return fileOf(ctx, id);
    }),
});

/** Whether it becomes a draft; where none is kept, it is refused. */
function isRefused({ check }: Received, { keepsDraft = false }: Keeping): boolean {
  const refusal = refusalOf(check);
  if (refusal !== null && !keepsDraft) throw new AppError("invalid", refusal, { code: "data_set_refused" });
  return refusal !== null;
}

/** What looking through a content has found, as columns of its file. */
function foundIn({ bytes, lines, check }: Received, purpose: FilePurpose) {
  const { tokens } = check.statistics;
  return {
    sampleType: sampleTypeOf(purpose, check.kind),
    bytes,
    lines,
    badLines: check.bad,
    problems: problemCount(check),
    tokens: tokens?.total ?? null,
    isTokensEstimate: tokens?.isEstimate ?? false,
  };
}

/** Locked to be deleted, or shared by those that begin to use it: of a deletion and a new use at once, one sees the other. */
export const lockFile = part(async (ctx: Context, id: Id<"file">, how: "update" | "share"): Promise<void> => {
  const its = and(eq(files.organizationId, ctx.organizationId), eq(files.id, id));
  const [found] = await ctx.db.select({ id: files.id }).from(files).where(its).for(how);
  if (!found) throw new AppError("not_found", "This file was deleted a moment ago.", { code: "file_not_found" });
});

/** A file that is used now is kept on from now, unless it was asked when it expires. */
export const noteUse = part(async (ctx: Context, id: Id<"file">): Promise<void> => {
  const its = and(eq(files.organizationId, ctx.organizationId), eq(files.id, id));
  const isLater = and(its, eq(files.isExpiryAsked, false), eq(files.isDraft, false));
  const expiresAt = expiryOf(ctx.now, { isDraft: false });
  // A day more or less is not worth a write each time.
  await ctx.db
    .update(files)
    .set({ expiresAt })
    .where(and(isLater, lt(files.expiresAt, addDays(expiresAt, -1))));
});

type Like = Pick<
  typeof files.$inferSelect,
  "organizationId" | "workspaceId" | "blobId" | "name" | "purpose" | "visibility" | "createdBy" | "isDraft"
>;

async function fileLike(ctx: Context, like: Like): Promise<Id<"file"> | undefined> {
  const isOwn = like.visibility === "user" ? eq(files.createdBy, like.createdBy) : undefined;
  const [found] = await ctx.db
    .select({ id: files.id })
    .from(files)
    .where(
      and(
        eq(files.organizationId, like.organizationId),
        eq(files.workspaceId, like.workspaceId),
        eq(files.blobId, like.blobId),
        eq(files.name, like.name),
        eq(files.purpose, like.purpose),
        eq(files.visibility, like.visibility),
        eq(files.isDraft, like.isDraft),
        isOwn,
        gt(files.expiresAt, ctx.now),
      ),
    );
  return found?.id;
}

/** Deletes a file at once: with the last file of a content its key goes in the same transaction, and its bytes right after. */
export const deleteFile = command({
  can: "files.write",
  within: "workspace",
  input: fileInput,
  run: (ctx, { file }): Promise<Id<"file">> =>
    transaction(ctx, async (ctx) => {
      const { organizationId, workspaceId } = ctx;
      const { id, bytes, lines, sha256, createdAt } = await fileOf(ctx, file);
      await lockFile(ctx, id, "update");
      await refuseUsed(ctx, id);
      const blobsGone = await removeFile(ctx, { organizationId, id });
      const receipt = await issueReceipt(ctx, {
        cause: "own",
        clause: "T-4.2.3-DATA",
        workspaceId,
        targets: [
          { kind: "file", id: uuidOf(id) },
          // Another file may have the same content, which then stays.
          ...(blobsGone > 0 ? [{ kind: "content", id: sha256 }] : []),
        ],
        removed: [{ class: "files", items: 1, bytes, oldest: createdAt, newest: createdAt }],
      });
      await writeAudit(ctx, {
        action: "file.delete",
        object: { type: "file", id },
        before: { bytes, lines, sha256 },
        after: { receipt, blobs: blobsGone },
        clause: "T-4.2.3-DATA",
      });
      await publishWebhookEvent(ctx, "file.deleted", {
        file_id: uuidOf(id),
        workspace_id: workspaceId,
        receipt_id: receipt,
      });
      await enqueue(ctx, sweeping, {}, { key: "now" });
      return id;
    }),
});

/** What a job trains on stays until the job has ended. */
async function refuseUsed(ctx: Context, id: Id<"file">): Promise<void> {
  const jobs = await activeJobsOf(ctx, id);
  if (jobs.length === 0) return;
  const names = jobs.map((job) => uuidOf(job));
  const words = jobs.length === 1 ? `Job ${names[0]} uses` : `Jobs ${names.join(", ")} use`;
  throw new AppError("conflict", `${words} this file. Cancel ${jobs.length === 1 ? "it" : "them"} first, or wait.`, {
    code: "file_in_use",
    details: { jobs: names },
  });
}

type Named = { organizationId: Id<"organization">; id: Id<"file"> };

/** The content is locked, so that no other file takes it up meanwhile; says how many contents went with the file. */
async function removeFile(ctx: AccountContext, { organizationId, id }: Named): Promise<number> {
  const [gone] = await ctx.db
    .delete(files)
    .where(and(eq(files.organizationId, organizationId), eq(files.id, id)))
    .returning({ blobId: files.blobId });
  if (!gone) return 0;
  return (await closeBlob(ctx, { organizationId, id: gone.blobId })) ? 1 : 0;
}

/** Removes files whose time is over, and contents that no file has any more; says how many of both. */
export const sweepFiles = part(async (ctx: AccountContext): Promise<{ files: number; blobs: number }> => {
  const over = await ctx.db
    .select({ organizationId: files.organizationId, id: files.id })
    .from(files)
    .where(and(lt(files.expiresAt, ctx.now), not(isInUse(ctx))))
    .limit(1000);
  for (const one of over) await transaction(ctx, (ctx) => removeFile(ctx, one));
  return { files: over.length, blobs: await dropBlobs(ctx) };
});

/** Whether a job or a batch that has not ended names a file. */
const isInUse = (ctx: AccountContext) =>
  or(
    exists(
      ctx.db
        .select({ one: sql`1` })
        .from(tuningJobs)
        .where(
          and(
            eq(tuningJobs.organizationId, files.organizationId),
            isNull(tuningJobs.endedAt),
            sql`${tuningJobs.trainingFiles} || ${tuningJobs.validationFiles} @> jsonb_build_array(jsonb_build_object('file', ${files.id}))`,
          ),
        ),
    ),
    exists(
      ctx.db
        .select({ one: sql`1` })
        .from(batchJobs)
        .where(
          and(
            eq(batchJobs.organizationId, files.organizationId),
            isNull(batchJobs.endedAt),
            sql`${batchJobs.inputFiles} @> jsonb_build_array(${files.id})`,
          ),
        ),
    ),
  ) ?? sql`false`;
