import { add, take } from "#app/(console)/[workspace]/organization/groups/actions.ts";
import { type PersonChoices, personChoices } from "#app/(console)/[workspace]/organization/members/person-choices.ts";
import { GroupPeople } from "#components/groups/group-people.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect } from "#components/ui/form-fields.tsx";
import type { Context } from "#lib/core/context.ts";
import type { GroupView } from "#lib/domain/groups/view.ts";
import type { Person } from "#lib/domain/members/view.ts";

type Props = { ctx: Context; group: GroupView; reason: string | null };

/** Who is in the group. */
export async function People({ ctx, group, reason }: Props) {
  const others = reason ? null : await personChoices(ctx, { without: group.people.map(({ id }) => id) });
  const actions = (person: Person) => (reason ? null : <Take group={group} person={person} />);
  const isEmpty = group.people.length === 0;
  return (
    <Card
      flush={!isEmpty}
      title="People"
      description={isEmpty ? "Nobody is in this group yet." : undefined}
      aside={
        reason ? (
          <Denied size="small" label="Add person" reason={reason} />
        ) : others && (others.options.length > 0 || others.source) ? (
          <Add group={group} others={others} />
        ) : undefined
      }
    >
      {isEmpty ? null : (
        <GroupPeople people={group.people} base={`/${ctx.workspaceId}/organization/members`} actions={actions} />
      )}
    </Card>
  );
}

const Add = ({ group, others }: { group: GroupView; others: PersonChoices }) => (
  <FormDialog
    trigger="Add person"
    triggerLook={{ size: "small" }}
    title={`Add somebody to ${group.name}`}
    submit="Add person"
    hidden={{ group: group.id }}
    action={add}
  >
    <FormSelect label="Person" name="user" {...others} help="They have the group's roles from their next request on." />
  </FormDialog>
);

const Take = ({ group, person }: { group: GroupView; person: Person }) => (
  <ConfirmDialog
    trigger="Take out"
    triggerLook={{ size: "small", tone: "bad" }}
    title={`Take ${person.name} out of ${group.name}`}
    confirm="Take out"
    action={take}
  >
    <input type="hidden" name="group" value={group.id} />
    <input type="hidden" name="user" value={person.id} />
    <p className="text-ui">
      They lose what the group gives, from their next request on. Where nothing else lets them in, their keys are
      refused.
    </p>
  </ConfirmDialog>
);
