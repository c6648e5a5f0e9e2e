import { FormChoices, FormTextarea } from "#components/ui/form-fields.tsx";
import { memberChoices, workspaceChoices } from "./role-words.ts";

type Workspace = { id: string; name: string };

/** Who to invite, and as what. */
export function InviteFields({ workspaces, here }: { workspaces: readonly Workspace[]; here: string }) {
  return (
    <>
      <FormTextarea
        label="E-mail addresses"
        name="emails"
        rows={2}
        spellCheck={false}
        autoComplete="off"
        placeholder="ada@example.com"
        help="One a line. Each gets a letter with a link that works once, for seven days."
      />
      <FormChoices
        legend="In the organization, besides being a member"
        name="roles"
        choices={memberChoices}
        help="None ticked: a plain member."
      />
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <FormChoices
          legend="In these workspaces"
          name="workspaces"
          choices={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={[here]}
        />
        <FormChoices legend="There they are" name="workspaceRoles" choices={workspaceChoices} chosen={["user"]} />
      </div>
    </>
  );
}
