import { and, asc, desc, eq, exists, gt, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { type Id, idOfUuid } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { blobs, files } from "#db/schema/files.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { ByteRange } from "#lib/core/keyring/stored.ts";
import { containing } from "#lib/core/list/like.ts";
import { openContent, openLines } from "./contents/commands.ts";
import type { FilePurpose, SampleType } from "./rules.ts";
import type { FileChoice, Lines, StoredFile } from "./view.ts";

export const shown = {
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
  isExpiryAsked: files.isExpiryAsked,
  isDraft: files.isDraft,
  badLines: files.badLines,
  problems: files.problems,
  tokens: files.tokens,
  isTokensEstimate: files.isTokensEstimate,
  sha256: blobs.sha256,
};

export const itsBlob = and(eq(blobs.organizationId, files.organizationId), eq(blobs.id, files.blobId));

/** Names of jobs that have not ended, for a file. */
const activeJobs = (ctx: Context, file: SQL | Id<"file">) =>
  ctx.db
    .select({ id: tuningJobs.id })
    .from(tuningJobs)
    .where(
      and(
        eq(tuningJobs.organizationId, ctx.organizationId),
        isNull(tuningJobs.endedAt),
        sql`${tuningJobs.trainingFiles} || ${tuningJobs.validationFiles} @> jsonb_build_array(jsonb_build_object('file', ${file}::text))`,
      ),
    );

/** The same for batches. */
const activeBatches = (ctx: Context, file: SQL | Id<"file">) =>
  ctx.db
    .select({ id: batchJobs.id })
    .from(batchJobs)
    .where(
      and(
        eq(batchJobs.organizationId, ctx.organizationId),
        isNull(batchJobs.endedAt),
        sql`${batchJobs.inputFiles} @> jsonb_build_array(${file}::text)`,
      ),
    );

const isUsed = (ctx: Context): SQL | undefined =>
  or(exists(activeJobs(ctx, sql`${files.id}`)), exists(activeBatches(ctx, sql`${files.id}`)));

/** Jobs and batches that have not ended and read a file. */
export async function activeJobsOf(ctx: Context, named: Id<"file">): Promise<(Id<"tuningJob"> | Id<"batch">)[]> {
  authorize(ctx.actor, "files.read");
  const { id } = await fileOf(ctx, named);
  const found = [...(await activeJobs(ctx, id)), ...(await activeBatches(ctx, id))];
  return found.map((job) => job.id);
}

/** The files of a workspace that someone sees: those of all of it, and their own. Programs see no drafts. */
export function isSeen(ctx: Context): SQL | undefined {
  return and(
    eq(files.organizationId, ctx.organizationId),
    eq(files.workspaceId, ctx.workspaceId),
    or(eq(files.visibility, "workspace"), eq(files.createdBy, memberBehind(ctx.actor))),
    // What is used by a job is kept beyond its time.
    or(gt(files.expiresAt, ctx.now), isUsed(ctx)),
    ctx.actor.kind === "key" ? eq(files.isDraft, false) : undefined,
  );
}

export type FileFilter = {
  /** Drafts are listed on the page of files only. */
  hasDrafts?: boolean | undefined;
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
  const { search, purpose, sampleTypes, sources, hasDrafts, offset, limit } = asked;
  const wanted = and(
    isSeen(ctx),
    hasDrafts ? undefined : eq(files.isDraft, false),
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

/** The content of a file, or a part of it, which is opened as it is read. */
export async function contentOf(
  ctx: Context,
  { id: fileId }: Pick<StoredFile, "id">,
  range?: ByteRange,
): Promise<AsyncIterable<Buffer>> {
  authorize(ctx.actor, "files.read");
  return openContent(ctx, { organizationId: ctx.organizationId, fileId }, range);
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

/** A job or a batch that reads, or has read, a file. */
export type FileUser = {
  id: Id<"tuningJob"> | Id<"batch">;
  model: string;
  status: string;
  createdAt: Date;
  use: "training" | "validation" | "batch";
};

/** Jobs and batches that named a file, the latest first. */
export async function jobsOf(ctx: Context, file: Id<"file">): Promise<FileUser[]> {
  authorize(ctx.actor, "files.read");
  const { id } = await fileOf(ctx, file);
  const found = [...(await trainingsWith(ctx, id)), ...(await batchesWith(ctx, id))];
  return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

const usersMost = 100;

async function trainingsWith(ctx: Context, file: Id<"file">): Promise<FileUser[]> {
  const named = sql`jsonb_build_array(jsonb_build_object('file', ${file}::text))`;
  return ctx.db
    .select({
      id: tuningJobs.id,
      model: tuningJobs.model,
      status: tuningJobs.status,
      createdAt: tuningJobs.createdAt,
      use: sql<
        FileUser["use"]
      >`case when ${tuningJobs.validationFiles} @> ${named} then 'validation' else 'training' end`,
    })
    .from(tuningJobs)
    .where(
      and(
        eq(tuningJobs.organizationId, ctx.organizationId),
        eq(tuningJobs.workspaceId, ctx.workspaceId),
        sql`${tuningJobs.trainingFiles} || ${tuningJobs.validationFiles} @> ${named}`,
      ),
    )
    .orderBy(desc(tuningJobs.id))
    .limit(usersMost);
}

async function batchesWith(ctx: Context, file: Id<"file">): Promise<FileUser[]> {
  return ctx.db
    .select({
      id: batchJobs.id,
      model: sql<string>`coalesce(${batchJobs.model}, ${batchJobs.endpoint})`,
      status: batchJobs.status,
      createdAt: batchJobs.createdAt,
      use: sql<FileUser["use"]>`'batch'`,
    })
    .from(batchJobs)
    .where(
      and(
        eq(batchJobs.organizationId, ctx.organizationId),
        eq(batchJobs.workspaceId, ctx.workspaceId),
        sql`${batchJobs.inputFiles} @> jsonb_build_array(${file}::text)`,
      ),
    )
    .orderBy(desc(batchJobs.id))
    .limit(usersMost);
}
