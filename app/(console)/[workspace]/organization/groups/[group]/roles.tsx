import { saveRoles } from "#app/(console)/[workspace]/organization/groups/actions.ts";
import { GroupRoles, type GroupRolesRow } from "#components/groups/group-roles.tsx";
import { workspaceChoices } from "#components/members/role-words.ts";
import { Card } from "#components/ui/card.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices } from "#components/ui/form-fields.tsx";
import type { Context } from "#lib/core/context.ts";
import type { GroupView } from "#lib/domain/groups/view.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";

type Props = { ctx: Context; group: GroupView; reason: string | null };

/** What the group makes its people, in each workspace that the person who looks may know of. */
export async function Roles({ ctx, group, reason }: Props) {
  const open = (await workspacesOf(ctx)).filter(({ archivedAt }) => archivedAt === null);
  const rows = open.map(({ id, name }) => ({
    id,
    name,
    roles: group.grants.find(({ workspaceId }) => workspaceId === id)?.roles ?? [],
  }));
  const actions = (row: GroupRolesRow) => (reason ? null : <Change group={group} row={row} />);
  return (
    <Card flush title="Roles" description="What everybody in the group is, beside what they are anyway.">
      <GroupRoles rows={rows} actions={actions} />
    </Card>
  );
}

const Change = ({ group, row }: { group: GroupView; row: GroupRolesRow }) => (
  <FormDialog
    trigger="Change"
    triggerLook={{ size: "small" }}
    triggerLabel={`Change role in ${row.name}`}
    title={`${group.name} in ${row.name}`}
    submit="Save role"
    hidden={{ group: group.id, workspace: row.id }}
    action={saveRoles}
  >
    <FormChoices
      legend="Role"
      name="roles"
      choices={workspaceChoices}
      chosen={row.roles}
      help="None ticked: the group brings nobody into this workspace."
    />
  </FormDialog>
);
