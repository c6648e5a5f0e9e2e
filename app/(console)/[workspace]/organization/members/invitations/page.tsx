import { Mail } from "lucide-react";
import { withdrawSeveral } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { InviteButton } from "#app/(console)/[workspace]/organization/members/invite-button.tsx";
import { MemberTabs } from "#app/(console)/[workspace]/organization/members/tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { InvitationList } from "#components/members/invitation-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { invitationFilter } from "#lib/domain/invitations/input.ts";
import { invitationPage } from "#lib/domain/invitations/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { InvitationActions } from "./actions-of.tsx";

const invitations = page({
  can: "members.invite",
  title: "Invitations",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = invitationFilter.parse(search);
    const [page, { name }] = await Promise.all([invitationPage(ctx, asked), organizationOf(ctx)]);
    return { asked, page, name };
  },
  head: ({ name }, ctx) => ({
    description: `Who was asked to join ${name} and has not answered.`,
    action: <InviteButton ctx={ctx} name={name} />,
    tabs: <MemberTabs ctx={ctx} current="invitations" />,
  }),
  view: ({ asked, page }, ctx) => {
    const base = `/${ctx.workspaceId}/organization/members/invitations`;
    return (
      <InvitationList
        invitations={page.rows}
        range={page}
        asked={asked}
        base={base}
        now={ctx.now}
        actions={InvitationActions}
        withdraw={withdrawSeveral}
        empty={
          <EmptyState
            icon={Mail}
            title="No open invitations"
            action={<LinkButton href={`${base}?create=1`}>Invite people</LinkButton>}
          >
            Everybody who was invited has answered, or nobody was invited yet.
          </EmptyState>
        }
      />
    );
  },
});

export const { generateMetadata } = invitations;
export default invitations.default;
