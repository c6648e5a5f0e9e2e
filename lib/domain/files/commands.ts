import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { dropBlobs } from "#lib/domain/retention/blobs/commands.ts";
import { sweeping } from "#lib/domain/retention/blobs/rules.ts";
import { keepBlob } from "./blobs/commands.ts";
import { fileInput, keepInput } from "./input.ts";
import { fileOf } from "./queries.ts";
import { sampleTypeOf } from "./rules.ts";
import type { Received, StoredFile } from "./view.ts";

/** Makes a file of what was received. The same content under the same name and for the same purpose is the file that is there. */
export const keepFile = command({
  can: "files.write",
  within: "workspace",
  input: keepInput,
  run: (ctx, { file: name, purpose, visibility, expiry }, received: Received): Promise<StoredFile> =>
    transaction(ctx, async (ctx) => {
      const { organizationId, workspaceId, now: createdAt } = ctx;
      const blobId = await keepBlob(ctx, received);
      const createdBy = memberBehind(ctx.actor);
      const like = { organizationId, workspaceId, blobId, name, purpose, visibility, createdBy };
      const known = await fileLike(ctx, like);
      if (known) return fileOf(ctx, known);
      const id = newId("file", createdAt);
      const { bytes, lines, firstLine } = received;
      const seen = { sampleType: sampleTypeOf(purpose, firstLine), source: "upload" as const, bytes, lines };
      const expiresAt = expiry === undefined ? null : addMinutes(createdAt, expiry * 60);
      await ctx.db.insert(files).values({ ...like, id, ...seen, createdAt, expiresAt });
      await writeAudit(ctx, {
        action: "file.create",
        object: { type: "file", id },
        after: { purpose, visibility, bytes, lines, expires: expiresAt },
        clause: "T-4.2.3-1",
      });
      return fileOf(ctx, id);
    }),
});

type Like = Pick<
  typeof files.$inferSelect,
  "organizationId" | "workspaceId" | "blobId" | "name" | "purpose" | "visibility" | "createdBy"
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
        isOwn,
        or(isNull(files.expiresAt), gt(files.expiresAt, ctx.now)),
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
      const { id, bytes, lines } = await fileOf(ctx, file);
      await removeFile(ctx, { organizationId: ctx.organizationId, id });
      await writeAudit(ctx, {
        action: "file.delete",
        object: { type: "file", id },
        before: { bytes, lines },
      });
      await enqueue(ctx, sweeping, {}, { key: "now" });
      return id;
    }),
});

type Named = { organizationId: Id<"organization">; id: Id<"file"> };

/** The content is locked, so that no other file takes it up meanwhile. */
async function removeFile(ctx: AccountContext, { organizationId, id }: Named): Promise<void> {
  const [gone] = await ctx.db
    .delete(files)
    .where(and(eq(files.organizationId, organizationId), eq(files.id, id)))
    .returning({ blobId: files.blobId });
  if (!gone) return;
  const its = and(eq(blobs.organizationId, organizationId), eq(blobs.id, gone.blobId));
  await ctx.db.select({ id: blobs.id }).from(blobs).where(its).for("update");
  const others = and(eq(files.organizationId, organizationId), eq(files.blobId, gone.blobId));
  if ((await ctx.db.$count(files, others)) === 0) await ctx.db.update(blobs).set({ key: null }).where(its);
}

/** Removes files whose time is over, and contents that no file has any more; says how many of both. */
export const sweepFiles = part(async (ctx: AccountContext): Promise<{ files: number; blobs: number }> => {
  const over = await ctx.db
    .select({ organizationId: files.organizationId, id: files.id })
    .from(files)
    .where(lt(files.expiresAt, ctx.now))
    .limit(1000);
  for (const one of over) await transaction(ctx, (ctx) => removeFile(ctx, one));
  return { files: over.length, blobs: await dropBlobs(ctx) };
});
