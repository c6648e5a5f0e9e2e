import { Mail } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { withdrawSeveral } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { InviteButton } from "#app/(console)/[workspace]/organization/members/invite-button.tsx";
import { MemberTabs } from "#app/(console)/[workspace]/organization/members/tabs.tsx";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { InvitationList } from "#components/members/invitation-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { type InvitationFilter, invitationFilter } from "#lib/domain/invitations/input.ts";
import { invitationPage } from "#lib/domain/invitations/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { InvitationActions } from "./actions-of.tsx";

export const metadata: Metadata = { title: "Invitations" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function InvitationsPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const { name } = await organizationOf(ctx);
  const mayInvite = can(ctx.actor, "members.invite");
  return (
    <Page width="table">
      <PageHeader
        title="Invitations"
        description={`Who was asked to join ${name} and has not answered.`}
        action={mayInvite ? <InviteButton ctx={ctx} name={name} /> : undefined}
        tabs={<MemberTabs ctx={ctx} current="invitations" />}
      />
      {mayInvite ? (
        <Invitations ctx={ctx} asked={invitationFilter.parse(await firstOf(searchParams))} />
      ) : (
        <Refused ctx={ctx} permission="members.invite" />
      )}
    </Page>
  );
}

async function Invitations({ ctx, asked }: { ctx: Context; asked: InvitationFilter }) {
  const page = await invitationPage(ctx, asked);
  const members = `/${ctx.workspaceId}/organization/members`;
  return (
    <InvitationList
      invitations={page.rows}
      range={page}
      asked={asked}
      base={`${members}/invitations`}
      now={ctx.now}
      actions={InvitationActions}
      withdraw={withdrawSeveral}
      empty={
        <EmptyState
          icon={Mail}
          title="No open invitations"
          action={<LinkButton href={`${members}/invitations?create=1`}>Invite people</LinkButton>}
        >
          Everybody who was invited has answered, or nobody was invited yet.
        </EmptyState>
      }
    />
  );
}
