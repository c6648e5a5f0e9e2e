import { Users } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { invite } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { InviteFields } from "#components/members/invite-fields.tsx";
import { MemberFilter } from "#components/members/member-filter.tsx";
import { MemberList } from "#components/members/member-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import type { Context } from "#lib/core/context.ts";
import { type MemberFilter as Filter, memberFilter } from "#lib/domain/members/input.ts";
import { membersOf } from "#lib/domain/members/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";
import { Invitations } from "./invitations.tsx";

export const metadata: Metadata = { title: "Members" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function MembersPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const filter = memberFilter.parse(await firstOf(searchParams));
  const base = `/${ctx.workspaceId}/organization/members`;
  const [page, all, { name }] = await Promise.all([membersOf(ctx, filter), workspacesOf(ctx), organizationOf(ctx)]);
  const workspaces = all.filter(({ archivedAt }) => archivedAt === null);
  const { q, role, workspace } = filter;
  const isFiltered = Boolean(q ?? role ?? workspace);
  return (
    <Page width="table">
      <PageHeader
        title="Members"
        description={`Who belongs to ${name}, and as what.`}
        action={<Invite ctx={ctx} name={name} workspaces={workspaces} />}
      />
      <MemberFilter
        base={base}
        chosen={{ q, role, workspace }}
        workspaces={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
        isFiltered={isFiltered}
      />
      {page.members.length === 0 ? (
        <EmptyState icon={Users} title="Nobody matches" action={<LinkButton href={base}>Clear filters</LinkButton>}>
          There are other people in this organization.
        </EmptyState>
      ) : (
        <MemberList
          members={page.members}
          base={base}
          me={ctx.actor.id}
          now={ctx.now}
          footer={
            <Pagination
              summary={page.members.length === 1 ? "1 member" : `${page.members.length} members`}
              previousHref={page.before ? addressOf(base, filter, { before: page.before }) : undefined}
              nextHref={page.after ? addressOf(base, filter, { after: page.after }) : undefined}
            />
          }
        />
      )}
      <Invitations ctx={ctx} />
    </Page>
  );
}

type InviteProps = { ctx: Context; name: string; workspaces: readonly { id: string; name: string }[] };

async function Invite({ ctx, name, workspaces }: InviteProps) {
  const reason = await denial(ctx, "members.invite");
  if (reason) return <Denied label="Invite people" reason={reason} />;
  return (
    <FormDialog
      creates
      trigger="Invite people"
      title={`Invite people to ${name}`}
      submit="Send invitations"
      size="wide"
      action={invite}
    >
      <InviteFields workspaces={workspaces} here={ctx.workspaceId} />
    </FormDialog>
  );
}

const addressOf = (base: string, filter: Filter, place: Record<string, string>): string => {
  const { before: _before, after: _after, ...chosen } = filter;
  const kept = Object.entries({ ...chosen, ...place }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `${base}?${new URLSearchParams(kept)}`;
};
