import { and, eq } from "drizzle-orm";
import { uuidOf } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { members } from "#db/schema/organizations.ts";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import type { Letter } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { decimalString } from "#lib/core/money.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { cancelledLetter, failedLetter, succeededLetter, waitingLetter } from "#lib/domain/fine-tuning/letters.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";

type JobEvent = "validated" | "started" | "succeeded" | "failed" | "cancelled";

/** Tells programs what became of a job. */
export const tellWebhooks = part(async (ctx: Context, event: JobEvent, job: Job): Promise<void> => {
  await publishWebhookEvent(ctx, `fine_tuning.job.${event}`, {
    job_id: uuidOf(job.id),
    workspace_id: job.workspaceId,
    model: job.requestedModel,
    status: job.status,
    fine_tuned_model: job.tunedModelId,
    failure: job.failure?.code ?? null,
    cost_eur: decimalString(job.chargedPico),
  });
});

type LetterOf = (to: { name: string; email: string }, about: Parameters<typeof cancelledLetter>[1]) => Letter;

/** Writes to the person who made a job, as long as they are a member. */
const write = async (ctx: Context, job: Job, letterOf: LetterOf): Promise<void> => {
  const [to] = await ctx.db
    .select({ name: users.name, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, job.organizationId), eq(members.userId, job.createdBy)));
  if (to) await post(ctx, letterOf(to, { ...job, name: job.suffix ?? job.requestedModel }));
};

/** Tells the person, with the verdict of the review where there is one. */
export const writeSucceeded = part(async (ctx: Context, job: Job): Promise<void> => {
  const { tunedModelId, verdict, warnings } = job;
  const said = verdict === null ? warnings : [verdict.text, ...warnings];
  await write(ctx, job, (to, about) => succeededLetter(to, about, tunedModelId ?? "", said));
});

export const tellFailed = part(async (ctx: Context, job: Job): Promise<void> => {
  await tellWebhooks(ctx, "failed", job);
  const { failure } = job;
  if (failure) await write(ctx, job, (to, about) => failedLetter(to, about, failure));
});

export const tellCancelled = part(async (ctx: Context, job: Job, reason: string): Promise<void> => {
  await tellWebhooks(ctx, "cancelled", job);
  await write(ctx, job, (to, about) => cancelledLetter(to, about, reason));
});

export const tellWaiting = part(async (ctx: Context, job: Job, problem: string): Promise<void> => {
  await write(ctx, job, (to, about) => waitingLetter(to, about, problem));
});
