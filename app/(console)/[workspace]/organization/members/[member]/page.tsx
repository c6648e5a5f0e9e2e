import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { found } from "#app/(console)/found.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { isId } from "#db/id.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import { Places } from "./places.tsx";
import { Removal } from "./removal.tsx";
import { Roles } from "./roles.tsx";

export const metadata: Metadata = { title: "Member" };

/** One person: what they are in the organization and in its workspaces, and the end of it. */
export default async function MemberPage({ params }: { params: Promise<{ workspace: string; member: string }> }) {
  const { member: id } = await params;
  const ctx = await enter(params);
  if (!isId("user", id)) notFound();
  const member = await found(memberOf(ctx, id));
  return (
    <Page>
      <PageHeader
        title={member.name}
        description={member.email}
        badge={member.id === ctx.actor.id ? <Badge plain>You</Badge> : undefined}
      />
      <Roles ctx={ctx} member={member} />
      <Places ctx={ctx} member={member} />
      <Removal ctx={ctx} member={member} />
    </Page>
  );
}
