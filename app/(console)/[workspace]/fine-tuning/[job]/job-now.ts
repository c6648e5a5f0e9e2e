import type { JobNow } from "#components/fine-tuning/job-now.ts";
import type { Context } from "#lib/core/context.ts";
import { formatSum } from "#lib/core/money.ts";
import { bestStep } from "#lib/domain/fine-tuning/claims/rules.ts";
import { curvesOf } from "#lib/domain/fine-tuning/curves/queries.ts";
import { forecastOf } from "#lib/domain/fine-tuning/queries.ts";
import { isEnded } from "#lib/domain/fine-tuning/rules.ts";
import type { JobDetail } from "#lib/domain/fine-tuning/view.ts";

/** What a job's page follows of it. */
export async function jobNowOf(ctx: Context, job: JobDetail): Promise<JobNow> {
  const [points, forecast] = await Promise.all([curvesOf(ctx, job.id), forecastOf(ctx, job)]);
  const { status, trainedSteps, trainedTokens, chargedPico, quotePico, extent, checkpoints } = job;
  const trained = BigInt(trainedTokens) * (job.trainingMicros ?? 0n);
  const steps = extent?.steps ?? 0;
  const done = steps > 0 ? (points.at(-1)?.step ?? trainedSteps) / steps : 0;
  return {
    status,
    trainedSteps,
    steps,
    trainedTokens,
    cost: formatSum(isEnded(status) || trained < chargedPico ? chargedPico : trained),
    quote: formatSum(quotePico ?? 0n),
    secondsLeft: forecast && !isEnded(status) ? forecast.seconds * (1 - done) : null,
    points,
    checkpoints: checkpoints.map(({ step }) => step),
    best: bestStep(checkpoints),
  };
}
