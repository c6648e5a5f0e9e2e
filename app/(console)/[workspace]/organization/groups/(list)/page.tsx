import { UsersRound } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { create } from "#app/(console)/[workspace]/organization/groups/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { GroupList } from "#components/groups/group-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { groupsOf } from "#lib/domain/groups/queries.ts";

export const metadata: Metadata = { title: "Groups" };

export default async function GroupsPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  const [groups, reason] = await Promise.all([groupsOf(ctx), denial(ctx, "groups.write")]);
  return (
    <Page width="table">
      <PageHeader
        title="Groups"
        description="People who have workspace roles together, beside their own."
        action={reason ? <Denied label="Create group" reason={reason} /> : <Create />}
      />
      {groups.length === 0 ? (
        <EmptyState
          icon={UsersRound}
          title="No groups yet"
          action={reason ? undefined : <LinkButton href="?create=1">Create the first group</LinkButton>}
        >
          With a group, a team gets its roles in every workspace it works in at once, and loses them at once.
        </EmptyState>
      ) : (
        <GroupList groups={groups} base={`/${ctx.workspaceId}/organization/groups`} />
      )}
    </Page>
  );
}

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
