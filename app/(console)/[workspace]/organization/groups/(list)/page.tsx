import { UsersRound } from "lucide-react";
import { create } from "#app/(console)/[workspace]/organization/groups/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { GroupList } from "#components/groups/group-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { groupsOf } from "#lib/domain/groups/queries.ts";

const groups = page({
  can: "members.read",
  title: "Groups",
  description: "People who have workspace roles together, beside their own.",
  width: "table",
  load: async (ctx) => {
    const [groups, reason] = await Promise.all([groupsOf(ctx), denial(ctx, "groups.write")]);
    return { groups, reason };
  },
  head: ({ reason }) => ({ action: reason ? <Denied label="Create group" reason={reason} /> : <Create /> }),
  view: ({ groups, reason }, ctx) =>
    groups.length === 0 ? (
      <EmptyState
        icon={UsersRound}
        title="No groups yet"
        action={reason ? undefined : <LinkButton href="?create=1">Create the first group</LinkButton>}
      >
        With a group, a team gets its roles in every workspace it works in at once, and loses them at once.
      </EmptyState>
    ) : (
      <GroupList groups={groups} base={`/${ctx.workspaceId}/organization/groups`} />
    ),
});

export const { generateMetadata } = groups;
export default groups.default;

const Create = () => (
  <FormDialog creates trigger="Create group" title="Create group" submit="Create group" action={create}>
    <FormText
      label="Name"
      name="name"
      autoComplete="off"
      maxLength={60}
      placeholder="Data team"
      help="Its people and roles come in the next step."
    />
  </FormDialog>
);
