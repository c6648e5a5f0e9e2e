import { denial } from "#app/doors/refused.tsx";
import { InviteFields } from "#components/members/invite-fields.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import type { Context } from "#lib/core/context.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";
import { invite } from "./actions.ts";

/** Asks people in, or says who can. */
export async function InviteButton({ ctx, name }: { ctx: Context; name: string }) {
  const reason = await denial(ctx, "members.invite");
  if (reason) return <Denied label="Invite people" reason={reason} />;
  const workspaces = (await workspacesOf(ctx)).filter(({ archivedAt }) => archivedAt === null);
  return (
    <FormDialog
      creates
      trigger="Invite people"
      title={`Invite people to ${name}`}
      submit="Send invitations"
      size="wide"
      action={invite}
    >
      <InviteFields workspaces={workspaces} here={ctx.workspaceId} />
    </FormDialog>
  );
}
