import { resend, withdraw } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { InvitationList, type InvitationRow } from "#components/members/invitation-list.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { openInvitations } from "#lib/domain/invitations/queries.ts";

/** Who was asked and has not answered, for those who may ask. */
export async function Invitations({ ctx }: { ctx: Context }) {
  if (!can(ctx.actor, "members.invite")) return null;
  const invitations = await openInvitations(ctx);
  if (invitations.length === 0) return null;
  return (
    <section aria-labelledby="invitations" className="flex flex-col gap-3 pt-2">
      <h2 id="invitations" className="text-section font-semibold">
        Invitations
      </h2>
      <InvitationList invitations={invitations} now={ctx.now} actions={Actions} />
    </section>
  );
}

const Actions = ({ id, email }: InvitationRow) => (
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
        Another letter goes out, with a link that works for seven days from now. The link of the letter before is worth
        nothing then.
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
      <p className="text-ui">The link in the letter is worth nothing any more. You can invite the address again.</p>
    </ConfirmDialog>
  </>
);
