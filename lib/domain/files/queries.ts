import { and, asc, desc, eq, gt, ilike, inArray, isNull, or, type SQL } from "drizzle-orm";
import { type Id, idOfUuid } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import { openContent, openLines } from "./contents/commands.ts";
import type { FilePurpose, SampleType } from "./rules.ts";
import type { FileChoice, Lines, StoredFile } from "./view.ts";

const shown = {
  id: files.id,
  workspaceId: files.workspaceId,
  name: files.name,
  purpose: files.purpose,
  sampleType: files.sampleType,
  source: files.source,
  visibility: files.visibility,
  bytes: files.bytes,
  lines: files.lines,
  createdBy: files.createdBy,
  createdAt: files.createdAt,
  expiresAt: files.expiresAt,
  sha256: blobs.sha256,
};

const itsBlob = and(eq(blobs.organizationId, files.organizationId), eq(blobs.id, files.blobId));

/** The files of a workspace that someone sees: those of all of it, and their own. */
function isSeen(ctx: Context): SQL | undefined {
  return and(
    eq(files.organizationId, ctx.organizationId),
    eq(files.workspaceId, ctx.workspaceId),
    or(eq(files.visibility, "workspace"), eq(files.createdBy, memberBehind(ctx.actor))),
    or(isNull(files.expiresAt), gt(files.expiresAt, ctx.now)),
  );
}

export type FileFilter = {
  search?: string | undefined;
  purpose?: FilePurpose | undefined;
  sampleTypes?: SampleType[] | undefined;
  sources?: StoredFile["source"][] | undefined;
  offset: number;
  limit: number;
};

/** The files of this workspace, the newest first, and how many there are. */
export async function filesOf(ctx: Context, asked: FileFilter): Promise<{ files: StoredFile[]; total: number }> {
  authorize(ctx.actor, "files.read");
  const { search, purpose, sampleTypes, sources, offset, limit } = asked;
  const wanted = and(
    isSeen(ctx),
    search ? ilike(files.name, containing(search)) : undefined,
    purpose && eq(files.purpose, purpose),
    sampleTypes && inArray(files.sampleType, sampleTypes),
    sources && inArray(files.source, sources),
  );
  const found = ctx.db.select(shown).from(files).innerJoin(blobs, itsBlob).where(wanted);
  const rows = await found.orderBy(desc(files.id)).offset(offset).limit(limit);
  return { files: rows, total: await ctx.db.$count(files, wanted) };
}

/** A file of this workspace by its id, in either spelling. */
export async function fileOf(ctx: Context, named: string): Promise<StoredFile> {
  authorize(ctx.actor, "files.read");
  const id = idOfUuid("file", named);
  const [found] = id
    ? await ctx.db
        .select(shown)
        .from(files)
        .innerJoin(blobs, itsBlob)
        .where(and(isSeen(ctx), eq(files.id, id)))
    : [];
  if (!found) throw new AppError("not_found", "There is no such file in this workspace.", { code: "file_not_found" });
  return found;
}

/** A file with its content, which is opened as it is read. */
export async function contentOf(
  ctx: Context,
  named: string,
): Promise<{ file: StoredFile; pieces: AsyncIterable<Buffer> }> {
  authorize(ctx.actor, "files.read");
  const file = await fileOf(ctx, named);
  return { file, pieces: await openContent(ctx, { organizationId: ctx.organizationId, fileId: file.id }) };
}

/** Some lines of a file, from one on, counted from 0. */
export async function readLines(ctx: Context, named: string, from: number, count: number): Promise<Lines> {
  authorize(ctx.actor, "files.read");
  const { id: fileId } = await fileOf(ctx, named);
  return openLines(ctx, { organizationId: ctx.organizationId, fileId }, from, count);
}

/** Files of the whole organization to choose from, by a part of the name. */
export async function fileChoices(ctx: OrganizationContext, ids?: readonly Id<"file">[]): Promise<FileChoice[]> {
  authorize(ctx.actor, "assistance.grant");
  return ctx.db
    .select({
      id: files.id,
      name: files.name,
      workspaceName: workspaces.name,
      lines: files.lines,
      bytes: files.bytes,
    })
    .from(files)
    .innerJoin(
      workspaces,
      and(eq(workspaces.organizationId, files.organizationId), eq(workspaces.id, files.workspaceId)),
    )
    .where(and(eq(files.organizationId, ctx.organizationId), ids && inArray(files.id, [...ids])))
    .orderBy(asc(files.name), asc(files.id))
    .limit(500);
}
