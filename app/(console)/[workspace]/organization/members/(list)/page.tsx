import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { InviteButton } from "#app/(console)/[workspace]/organization/members/invite-button.tsx";
import { MemberTabs } from "#app/(console)/[workspace]/organization/members/tabs.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { MemberList } from "#components/members/member-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { memberFilter } from "#lib/domain/members/input.ts";
import { membersOf } from "#lib/domain/members/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";

export const metadata: Metadata = { title: "Members" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function MembersPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const filter = memberFilter.parse(await firstOf(searchParams));
  const [page, all, { name }] = await Promise.all([membersOf(ctx, filter), workspacesOf(ctx), organizationOf(ctx)]);
  const workspaces = all.filter(({ archivedAt }) => archivedAt === null);
  return (
    <Page width="table">
      <PageHeader
        title="Members"
        description={`Who belongs to ${name}, and as what.`}
        action={<InviteButton ctx={ctx} name={name} />}
        tabs={<MemberTabs ctx={ctx} current="members" />}
      />
      <MemberList
        members={page.members}
        range={page}
        asked={filter}
        workspaces={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
        base={`/${ctx.workspaceId}/organization/members`}
        me={ctx.actor.id}
        now={ctx.now}
      />
    </Page>
  );
}
