import { again, cancel, start, stop } from "#app/(console)/[workspace]/fine-tuning/actions.ts";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { formatSum } from "#lib/core/money.ts";
import { isEnded, isPossible, isUsable } from "#lib/domain/fine-tuning/rules.ts";
import type { JobDetail } from "#lib/domain/fine-tuning/view.ts";

/** What can be done with a job in its state. */
export function jobActions(ctx: Context, job: JobDetail) {
  if (!can(ctx.actor, "fine-tuning.write")) return undefined;
  const values = { job: job.id };
  const isTraining = job.status === "RUNNING";
  const mayCancel = isPossible("cancel", job.status) || isPossible("askToCancel", job.status);
  return (
    <>
      {isPossible("start", job.status) ? (
        <ButtonForm button="Start training" values={values} size="normal" act={start} />
      ) : null}
      {isTraining && job.checkpoints.some((one) => isUsable(job.trainerKind, one)) && job.stopAskedAt === null ? (
        <ConfirmDialog
          trigger="Stop here and keep…"
          title="Stop here and keep the model"
          confirm="Stop and keep"
          tone="normal"
          action={stop}
        >
          <input type="hidden" name="job" value={job.id} />
          <p className="text-ui">
            The training ends at its next step. What it has learned by then is the model, and what was trained is
            billed, at least {formatSum(job.minimumPico ?? 0n)}.
          </p>
        </ConfirmDialog>
      ) : null}
      {mayCancel ? (
        <ConfirmDialog trigger="Cancel…" title="Cancel this job" confirm="Cancel job" action={cancel}>
          <input type="hidden" name="job" value={job.id} />
          <p className="text-ui">{cancelWords(job)}</p>
        </ConfirmDialog>
      ) : null}
      {isEnded(job.status) ? <ButtonForm button="Run again" values={values} size="normal" act={again} /> : null}
    </>
  );
}

/** What cancelling keeps of the money, before it does. */
function cancelWords({ status, trainedTokens, trainingMicros, quotePico }: JobDetail): string {
  if (status !== "RUNNING") return "Nothing was trained yet, so nothing is billed. There will be no model.";
  const kept = formatSum(BigInt(trainedTokens) * (trainingMicros ?? 0n));
  return `There will be no model. Of the ${formatSum(quotePico ?? 0n)} that is reserved, what checkpoints have kept so far is billed: ${kept}. The rest is free again.`;
}
