import { saveRoles } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { memberChoices, memberWords } from "#components/members/role-words.ts";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices } from "#components/ui/form-fields.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Context } from "#lib/core/context.ts";
import type { MemberView } from "#lib/domain/members/view.ts";

/** What a person is in the organization as a whole. */
export async function Roles({ ctx, member }: { ctx: Context; member: MemberView }) {
  const reason = await denial(ctx, "members.write");
  return (
    <Card
      title="In the organization"
      hint="A change holds from their next request on."
      footer={reason ? <Denied label="Change role" reason={reason} /> : <Change member={member} />}
    >
      <DefinitionList
        rows={[
          { term: "Role", value: memberWords(member.roles) },
          { term: "Member since", value: <Time at={member.since} form="date" /> },
        ]}
      />
    </Card>
  );
}

const Change = ({ member }: { member: MemberView }) => (
  <FormDialog
    trigger="Change role"
    title={`Role of ${member.name}`}
    submit="Save role"
    hidden={{ user: member.id }}
    action={saveRoles}
  >
    <FormChoices
      legend="Besides being a member"
      name="roles"
      choices={memberChoices}
      chosen={member.roles}
      help="None ticked: a plain member."
    />
  </FormDialog>
);
