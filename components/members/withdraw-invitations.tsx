"use client";

import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { BulkBar } from "#components/ui/list/bulk-bar.tsx";
import { useTicks } from "#components/ui/list/use-ticks.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = { list: string; invitations: readonly { id: string; email: string }[]; withdraw: Action<void> };

/** Withdraws the invitations that are ticked. */
export function WithdrawInvitations({ list, invitations, withdraw }: Props) {
  const { ids, clear } = useTicks(list, invitations);
  const chosen = invitations.filter(({ id }) => ids.includes(id));
  const verb = chosen.length === 1 ? "Withdraw invitation" : `Withdraw ${chosen.length} invitations`;
  return (
    <BulkBar count={chosen.length} onClear={clear}>
      <ConfirmDialog
        trigger={verb}
        triggerLook={{ size: "small", tone: "bad" }}
        title={verb}
        confirm={verb}
        action={withdraw}
      >
        {chosen.map(({ id }) => (
          <input key={id} type="hidden" name="ids" value={id} />
        ))}
        <p className="text-ui">
          {chosen.length === 1 ? "The link in this e-mail stops" : `The links in these ${chosen.length} e-mails stop`}{" "}
          working. You can invite the addresses again.
        </p>
      </ConfirmDialog>
    </BulkBar>
  );
}
