import { type PersonChoices, personChoices } from "#app/(console)/[workspace]/organization/members/person-choices.ts";
import { addPerson } from "#app/(console)/[workspace]/organization/workspaces/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { workspaceChoices, workspaceWords } from "#components/members/role-words.ts";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormSelect } from "#components/ui/form-fields.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { PeopleList } from "#components/workspaces/people-list.tsx";
import { workspaceRoles } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { memberFilter } from "#lib/domain/members/input.ts";
import { membersOf } from "#lib/domain/members/queries.ts";
import type { MemberView } from "#lib/domain/members/view.ts";
import type { WorkspaceView } from "#lib/domain/workspaces/view.ts";

type Props = { ctx: Context; workspace: WorkspaceView };

/** Who works here, and a way to let more in. */
export async function People({ ctx, workspace }: Props) {
  const members = `/${ctx.workspaceId}/organization/members`;
  const { members: people, after } = await membersOf(ctx, memberFilter.parse({ workspace: workspace.id }));
  const rows = people.map((member) => ({ ...member, role: roleIn(member, workspace.id) }));
  return (
    <Card
      flush
      title="People"
      description="Organization admins, and whoever was let in, also through a group."
      aside={<Add ctx={ctx} workspace={workspace} inside={rows.map(({ id }) => id)} />}
      hint={
        after ? (
          <TextLink href={`${members}?workspace=${workspace.id}`}>
            All {workspace.people} people of the workspace
          </TextLink>
        ) : undefined
      }
    >
      <PeopleList people={rows} base={members} />
    </Card>
  );
}

function roleIn({ roles, workspaces }: MemberView, workspaceId: string): string {
  const place = workspaces.find(({ id }) => id === workspaceId);
  const given = [...(place?.own ?? []), ...(place?.groups.flatMap(({ roles }) => roles) ?? [])];
  const there = workspaceWords(workspaceRoles.filter((role) => given.includes(role)));
  if (!roles.includes("organization_admin")) return there;
  return there ? `Organization admin, ${there}` : "Organization admin";
}

async function Add({ ctx, workspace, inside }: Props & { inside: readonly string[] }) {
  // Rights in a workspace are known for the one the page is seen from; admins of the organization have them in all.
  const isHere = workspace.id === ctx.workspaceId;
  const reason = await denial(ctx, isHere ? "workspace.write-members" : "workspaces.write");
  if (reason) return <Denied size="small" label="Add person" reason={reason} />;
  const others = await personChoices(ctx, { without: inside });
  if (others.options.length === 0 && !others.source) return null;
  return <AddDialog workspace={workspace} others={others} />;
}

const AddDialog = ({ workspace, others }: { workspace: WorkspaceView; others: PersonChoices }) => (
  <FormDialog
    trigger="Add person"
    triggerLook={{ size: "small" }}
    title={`Add somebody to ${workspace.name}`}
    submit="Add person"
    hidden={{ workspace: workspace.id }}
    action={addPerson}
  >
    <FormSelect label="Person" name="user" {...others} help="Somebody else? An organization admin can invite them." />
    <FormChoices legend="Role" name="roles" choices={workspaceChoices} chosen={["user"]} />
  </FormDialog>
);
