import { InviteButton } from "#app/(console)/[workspace]/organization/members/invite-button.tsx";
import { MemberTabs } from "#app/(console)/[workspace]/organization/members/tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { MemberList } from "#components/members/member-list.tsx";
import { memberFilter } from "#lib/domain/members/input.ts";
import { membersOf } from "#lib/domain/members/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";

const membersPage = page({
  can: "members.read",
  title: "Members",
  width: "table",
  load: async (ctx, { search }) => {
    const filter = memberFilter.parse(search);
    const [page, all, { name }] = await Promise.all([membersOf(ctx, filter), workspacesOf(ctx), organizationOf(ctx)]);
    return { filter, page, workspaces: all.filter(({ archivedAt }) => archivedAt === null), name };
  },
  head: ({ name }, ctx) => ({
    description: `Who belongs to ${name}, and as what.`,
    action: <InviteButton ctx={ctx} name={name} />,
    tabs: <MemberTabs ctx={ctx} current="members" />,
  }),
  view: ({ filter, page, workspaces }, ctx) => (
    <MemberList
      members={page.members}
      range={page}
      asked={filter}
      workspaces={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
      base={`/${ctx.workspaceId}/organization/members`}
      me={ctx.actor.id}
      now={ctx.now}
    />
  ),
});

export const { generateMetadata } = membersPage;
export default membersPage.default;
