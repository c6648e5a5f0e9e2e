import { archive, restore } from "#app/(console)/[workspace]/organization/workspaces/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { ArchiveEffect } from "#components/workspaces/archive-effect.tsx";
import type { Context } from "#lib/core/context.ts";
import { archiveEffect } from "#lib/domain/workspaces/queries.ts";
import type { WorkspaceView } from "#lib/domain/workspaces/view.ts";

type Props = { ctx: Context; workspace: WorkspaceView };

/** Closes a workspace, or opens it again. */
export async function Archive({ ctx, workspace }: Props) {
  if (workspace.isDefault) {
    return (
      <Card
        title="Archive workspace"
        description="This is the default workspace: an organization always has one, so it cannot be archived."
      />
    );
  }
  const reason = await denial(ctx, "workspaces.write");
  const isArchived = workspace.archivedAt !== null;
  const label = isArchived ? "Restore workspace" : "Archive workspace";
  const button = isArchived ? <Restore workspace={workspace} /> : <Close ctx={ctx} workspace={workspace} />;
  return (
    <Card
      tone={isArchived || reason ? "normal" : "bad"}
      title={label}
      description={
        isArchived
          ? "Its people get its pages back, and keys that were not revoked work again."
          : "Its pages go away and its keys are refused. Nothing is deleted; an organization admin can restore it."
      }
      footer={reason ? <Denied label={label} reason={reason} /> : button}
    />
  );
}

async function Close({ ctx, workspace: { id, name } }: Props) {
  return (
    <ConfirmDialog
      trigger="Archive workspace"
      triggerLook={{ tone: "bad" }}
      title={`Archive ${name}`}
      confirm="Archive workspace"
      action={archive}
    >
      <input type="hidden" name="workspace" value={id} />
      <ArchiveEffect {...(await archiveEffect(ctx, id))} />
    </ConfirmDialog>
  );
}

const Restore = ({ workspace: { id, name } }: Pick<Props, "workspace">) => (
  <ConfirmDialog
    trigger="Restore workspace"
    triggerLook={{ emphasis: "primary" }}
    title={`Restore ${name}`}
    confirm="Restore workspace"
    tone="normal"
    action={restore}
  >
    <input type="hidden" name="workspace" value={id} />
    <p className="text-ui">Its pages, people and limits are back at once; keys that were not revoked work again.</p>
  </ConfirmDialog>
);
