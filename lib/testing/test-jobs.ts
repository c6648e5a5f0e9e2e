import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { readyJob } from "./tuning.ts";

/** A batch that has not begun, without files. */
async function testBatch(db: Db, ctx: Context, word: string): Promise<Id<"batch">> {
  const { organizationId, workspaceId, now: createdAt } = ctx;
  const id = newId("batch", createdAt);
  await db.insert(batchJobs).values({
    ...{ organizationId, workspaceId, id, createdAt, inputFiles: [], totalRequests: 1, timeoutHours: 24 },
    createdBy: ctx.actor.id as Id<"user">,
    keyId: newId("key", createdAt),
    endpoint: "/v1/chat/completions",
    metadata: { word },
    status: "QUEUED",
    expiresAt: addMinutes(createdAt, 24 * 60),
  });
  return id;
}

/** For tests: a checked fine-tuning job and a batch of a workspace, neither of them begun. */
export async function testJobs(db: Db, ctx: Context, { word, base }: { word: string; base: string }) {
  const { id: tuningJob } = await readyJob(db, ctx, base, 1000, { suffix: word });
  return { tuningJob, batch: await testBatch(db, ctx, word) };
}
