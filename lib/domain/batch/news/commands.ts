import { and, eq } from "drizzle-orm";
import { uuidOf } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { files } from "#db/schema/files.ts";
import { members } from "#db/schema/organizations.ts";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import type { Letter } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { decimalString } from "#lib/core/money.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { endedLetter, waitingLetter } from "#lib/domain/batch/letters.ts";
import type { Batch } from "#lib/domain/batch/rules.ts";

const events = {
  SUCCESS: "batch.completed",
  FAILED: "batch.failed",
  TIMEOUT_EXCEEDED: "batch.expired",
  CANCELLED: "batch.cancelled",
} as const;

/** Tells programs and the maker how a batch has ended. */
export const tellEnded = part(async (ctx: Context, batch: Batch): Promise<void> => {
  const event = events[batch.status as keyof typeof events];
  const wire = (id: Batch["outputFileId"]): string | null => (id === null ? null : uuidOf(id));
  await publishWebhookEvent(ctx, event, {
    batch_id: uuidOf(batch.id),
    workspace_id: batch.workspaceId,
    status: batch.status,
    total_requests: batch.totalRequests,
    succeeded_requests: batch.succeededRequests,
    failed_requests: batch.failedRequests,
    output_file_id: wire(batch.outputFileId),
    error_file_id: wire(batch.errorFileId),
    cost_eur: decimalString(batch.costPico),
  });
  await write(ctx, batch, (to, name) => endedLetter(to, name, batch));
});

export const tellWaiting = part(async (ctx: Context, batch: Batch, problem: string): Promise<void> => {
  await write(ctx, batch, (to, name) => waitingLetter(to, name, batch, problem));
});

type LetterOf = (to: { name: string; email: string }, name: string) => Letter | null;

/** Writes to the person who made a batch, as long as they are a member. People know it by its file. */
async function write(ctx: Context, batch: Batch, letterOf: LetterOf): Promise<void> {
  const { organizationId, createdBy, inputFiles, id } = batch;
  const [to] = await ctx.db
    .select({ name: users.name, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, organizationId), eq(members.userId, createdBy)));
  if (!to) return;
  const [first] = inputFiles;
  const [file] = first
    ? await ctx.db
        .select({ name: files.name })
        .from(files)
        .where(and(eq(files.organizationId, organizationId), eq(files.id, first)))
    : [];
  const letter = letterOf(to, file?.name ?? uuidOf(id));
  if (letter) await post(ctx, letter);
}
