import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { readyJob } from "./tuning.ts";

/** A batch that has not begun, or was cancelled before it did, without files. */
async function testBatch(db: Db, ctx: Context, word: string, endedAt: Date | null): Promise<Id<"batch">> {
  const { organizationId, workspaceId, now: createdAt } = ctx;
  const id = newId("batch", createdAt);
  await db.insert(batchJobs).values({
    ...{ organizationId, workspaceId, id, createdAt, inputFiles: [], totalRequests: 1, timeoutHours: 24 },
    createdBy: ctx.actor.id as Id<"user">,
    keyId: newId("key", createdAt),
    endpoint: "/v1/chat/completions",
    metadata: { word },
    status: endedAt ? "CANCELLED" : "QUEUED",
    endedAt,
    expiresAt: addMinutes(createdAt, 24 * 60),
  });
  return id;
}

export type TestJobs = {
  /** Checked, and not started. */
  tuningJob: Id<"tuningJob">;
  /** Not begun. */
  batch: Id<"batch">;
  /** Cancelled. */
  endedBatch: Id<"batch">;
};

/** For tests: a checked fine-tuning job and batches of a workspace, none of them begun. */
export async function testJobs(
  db: Db,
  ctx: Context,
  { word, base }: { word: string; base: string },
): Promise<TestJobs> {
  const { id: tuningJob } = await readyJob(db, ctx, base, 1000, { suffix: word });
  return {
    tuningJob,
    batch: await testBatch(db, ctx, word, null),
    endedBatch: await testBatch(db, ctx, word, ctx.now),
  };
}
