import { and, eq, gt, ilike, type SQL, sql } from "drizzle-orm";
import { blobs, files } from "#db/schema/files.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { isSeen, itsBlob, shown } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import type { FileListFilter } from "./input.ts";
import { type FileState, fileOrder } from "./rules.ts";

/** A file in the list, with how many jobs have named it. */
export type FileRow = StoredFile & { uses: number };

const numberKey = (column: SQL) => ({ by: sql`coalesce(${column}, 0)`, isNumber: true });
const byColumn = {
  name: nameKey(files.name),
  lines: numberKey(sql`${files.lines}`),
  size: numberKey(sql`${files.bytes}`),
  created: instantKey(files.createdAt),
  expires: instantKey(files.expiresAt),
};

const inState: Record<FileState, SQL | undefined> = {
  ready: and(eq(files.isDraft, false), eq(files.problems, 0)),
  problems: and(eq(files.isDraft, false), gt(files.problems, 0)),
  draft: eq(files.isDraft, true),
};

/** Jobs of all times that a file was named by. */
const uses =
  sql<number>`(select count(*) from ${tuningJobs} where ${tuningJobs.organizationId} = ${files.organizationId}
  and ${tuningJobs.trainingFiles} || ${tuningJobs.validationFiles} @> jsonb_build_array(jsonb_build_object('file', ${files.id})))`.mapWith(
    Number,
  );

/** A page of the files the reader can see, drafts too. */
export async function filePage(ctx: Context, asked: FileListFilter): Promise<ListPage<FileRow>> {
  authorize(ctx.actor, "files.read");
  const matches = and(
    isSeen(ctx),
    asked.q ? ilike(files.name, containing(asked.q)) : undefined,
    asked.kind && eq(files.sampleType, asked.kind),
    asked.state && inState[asked.state],
  );
  return keysetPage(
    asked,
    { keys: byColumn, first: fileOrder, id: files.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shown, uses, place })
          .from(files)
          .innerJoin(blobs, itsBlob)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(files).where(matches),
    },
  );
}
