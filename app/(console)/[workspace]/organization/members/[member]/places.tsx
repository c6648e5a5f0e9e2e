import { saveWorkspaceRoles } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { PlaceList } from "#components/members/place-list.tsx";
import { workspaceChoices } from "#components/members/role-words.ts";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices } from "#components/ui/form-fields.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { MemberView, Place } from "#lib/domain/members/view.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";

/**
 * What a person is in each workspace. Organization admins change all of them here, a workspace's admin their own one, where
 * they are.
 */
export async function Places({ ctx, member }: { ctx: Context; member: MemberView }) {
  const open = (await workspacesOf(ctx)).filter(({ archivedAt }) => archivedAt === null);
  const places = open.map(
    ({ id, name }): Place => member.workspaces.find((place) => place.id === id) ?? { id, name, own: [], groups: [] },
  );
  const runsAll = can(ctx.actor, "members.write");
  const reason = await denial(ctx, "workspace.write-members");
  const actions = (place: Place) => {
    if (runsAll || (place.id === ctx.workspaceId && !reason)) return <Change member={member} place={place} />;
    return place.id === ctx.workspaceId && reason ? <Denied size="small" label="Change" reason={reason} /> : null;
  };
  return (
    <Card
      flush
      title="In workspaces"
      description={
        member.roles.includes("organization_admin")
          ? "As an organization admin they run all of them, whatever stands here."
          : "Roles add up: their own and those of their groups."
      }
    >
      <PlaceList places={places} actions={actions} />
    </Card>
  );
}

const Change = ({ member, place }: { member: MemberView; place: Place }) => (
  <FormDialog
    trigger="Change"
    triggerLook={{ size: "small" }}
    triggerLabel={`Change role in ${place.name}`}
    title={`${member.name} in ${place.name}`}
    submit="Save role"
    hidden={{ user: member.id, workspace: place.id }}
    action={saveWorkspaceRoles}
  >
    <FormChoices
      legend="Role"
      name="roles"
      choices={workspaceChoices}
      chosen={place.own}
      help={
        place.groups.length > 0
          ? "None ticked: only what their groups give."
          : "None ticked: they cannot enter, and their keys there are refused."
      }
    />
  </FormDialog>
);
