import { resend, withdraw } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { InvitationView } from "#lib/domain/invitations/view.ts";

/** What can be done with one invitation. */
export const InvitationActions = ({ id, email }: InvitationView) => (
  <>
    <ConfirmDialog
      trigger="Send again"
      triggerLook={{ size: "small" }}
      title={`Send the invitation to ${email} again`}
      confirm="Send again"
      tone="normal"
      action={resend}
    >
      <input type="hidden" name="invitation" value={id} />
      <p className="text-ui">
        Another e-mail goes out, with a link that works for seven days from now. The link of the one before stops
        working.
      </p>
    </ConfirmDialog>
    <ConfirmDialog
      trigger="Withdraw"
      triggerLook={{ size: "small", tone: "bad" }}
      title={`Withdraw the invitation to ${email}`}
      confirm="Withdraw invitation"
      action={withdraw}
    >
      <input type="hidden" name="invitation" value={id} />
      <p className="text-ui">The link in the e-mail stops working. You can invite the address again.</p>
    </ConfirmDialog>
  </>
);
