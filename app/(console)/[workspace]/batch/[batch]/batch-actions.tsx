import { again, cancel, remove } from "#app/(console)/[workspace]/batch/actions.ts";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { isEnded, isPossible } from "#lib/domain/batch/rules.ts";
import type { BatchView } from "#lib/domain/batch/view.ts";

/** What can be done with a batch in its state. */
export function batchActions(ctx: Context, batch: BatchView) {
  if (!can(ctx.actor, "batch.write")) return undefined;
  const mayCancel = isPossible("cancel", batch.status) || isPossible("askToCancel", batch.status);
  return (
    <>
      {mayCancel ? (
        <ConfirmDialog trigger="Cancel…" title="Cancel this batch" confirm="Cancel batch" action={cancel}>
          <input type="hidden" name="batch" value={batch.id} />
          <p className="text-ui">
            What is answered by then is kept in a file, and billed. The rest is not asked, and costs nothing.
          </p>
        </ConfirmDialog>
      ) : null}
      {isEnded(batch.status) ? (
        <>
          <ButtonForm button="Run again" values={{ batch: batch.id }} size="normal" act={again} />
          <ConfirmDialog trigger="Delete…" title="Delete this batch" confirm="Delete batch" action={remove}>
            <input type="hidden" name="batch" value={batch.id} />
            <p className="text-ui">It leaves the list. Its files, and what it cost, stay.</p>
          </ConfirmDialog>
        </>
      ) : null}
    </>
  );
}
