import { and, desc, eq, gt, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { files } from "#db/schema/files.ts";
import { keys } from "#db/schema/keys.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { here, shownColumns } from "#lib/domain/batch/queries.ts";
import type { BatchView } from "#lib/domain/batch/view.ts";
import { isSeen } from "#lib/domain/files/queries.ts";
import type { BatchPlace } from "./input.ts";
import { batchOrder, batchStateGroups } from "./rules.ts";

/** Known by its first file; null where that is gone, or not one that the reader sees. */
const fileName = (ctx: Context) =>
  sql<string | null>`(select name from ${files} where ${files.id} = ${batchJobs.inputFiles} ->> 0 and ${isSeen(ctx)})`;

export type BatchRow = BatchView & { fileName: string | null };

// Ids are made with their batches, so they sort by birth.
const byColumn = {
  created: { by: sql`${batchJobs.id}` },
  cost: { by: sql`${batchJobs.costPico}`, isNumber: true },
};

function matching(ctx: Context, { q, state }: BatchPlace): SQL | undefined {
  const part = q && containing(q);
  return and(
    here(ctx),
    part ? or(ilike(fileName(ctx), part), ilike(batchJobs.model, part), eq(sql`${batchJobs.id}`, q)) : undefined,
    state && inArray(batchJobs.status, [...batchStateGroups[state].states]),
  );
}

/** A page of the batches of this workspace. */
export async function batchPage(ctx: Context, asked: BatchPlace): Promise<ListPage<BatchRow>> {
  authorize(ctx.actor, "batch.read");
  const matches = matching(ctx, asked);
  return keysetPage(
    asked,
    { keys: byColumn, first: batchOrder, id: batchJobs.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shownColumns, fileName: fileName(ctx), place })
          .from(batchJobs)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(batchJobs).where(matches),
    },
  );
}

export type BatchKey = { id: Id<"key">; name: string; last4: string };

/** The keys that a person may have a batch asked under: their own and the workspace's, while they are good. */
export async function batchKeys(ctx: Context): Promise<BatchKey[]> {
  authorize(ctx.actor, "batch.write");
  const later = (column: typeof keys.revokedAt | typeof keys.expiresAt) => or(isNull(column), gt(column, ctx.now));
  return ctx.db
    .select({ id: keys.id, name: keys.name, last4: keys.last4 })
    .from(keys)
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.workspaceId, ctx.workspaceId),
        or(eq(keys.purpose, "service"), and(eq(keys.purpose, "api"), eq(keys.ownerId, memberBehind(ctx.actor)))),
        later(keys.revokedAt),
        later(keys.expiresAt),
        sql`${keys.scopes} && array['completions:create', 'embeddings:create']`,
      ),
    )
    .orderBy(desc(keys.id))
    .limit(200);
}
