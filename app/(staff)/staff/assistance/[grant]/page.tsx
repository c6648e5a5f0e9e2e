import type { Metadata } from "next";
import { cache } from "react";
import { approve, close, decline, offer, read, unlock } from "#app/(staff)/staff/assistance/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { DeskActs } from "#components/assistance/desk-acts.tsx";
import { GrantFacts } from "#components/assistance/grant-facts.tsx";
import { GrantState } from "#components/assistance/grant-state.tsx";
import { ReadFile } from "#components/assistance/read-file.tsx";
import { ReadList } from "#components/assistance/read-list.tsx";
import { Crumb } from "#components/shell/crumb.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskGrant, staffChoices } from "#lib/domain/assistance/desk/queries.ts";
import type { DeskGrant } from "#lib/domain/assistance/view.ts";

type Props = { params: Promise<{ grant: string }> };

/** Read once for the tab and the page. */
const seen = cache(async (name: string) => {
  const ctx = await deskContext(`/staff/assistance/${name}`);
  if (!can(ctx.actor, "assistance.decide")) return {};
  const [grant, staff] = await Promise.all([found(deskGrant(ctx, asId("assistanceGrant", name))), staffChoices(ctx)]);
  return { grant, staff };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { grant } = await seen((await params).grant);
  return { title: grant ? `${grant.organizationName} · Assistance` : "Assistance" };
}

export default async function AssistancePage({ params }: Props) {
  const { grant, staff = [] } = await seen((await params).grant);
  if (!grant) return <NoDesk />;
  return (
    <Page>
      <Crumb name={grant.organizationName} />
      <PageHeader
        title={grant.organizationName}
        description="Asks for assistance with files."
        badge={<GrantState state={grant.state} isDesk />}
        action={
          <>
            <TextLink href="/staff/assistance">Back to assistance</TextLink>
            <DeskActs grant={grant} staff={staff} acts={{ approve, decline, offer, unlock, close }} />
          </>
        }
      />
      <Card title="Request">
        <GrantFacts grant={grant} requester={grant.requesterName} ticketAt="/staff/tickets" />
      </Card>
      {grant.state === "granted" || grant.state === "active" ? <Reading grant={grant} /> : null}
      {grant.reads.length > 0 ? (
        <Card flush title="What was read">
          <ReadList reads={grant.reads} />
        </Card>
      ) : null}
    </Page>
  );
}

function Reading({ grant }: { grant: DeskGrant }) {
  if (!grant.isNamed)
    return <Notice tone="neutral">The customer agreed to other people. You cannot read these files.</Notice>;
  if (!grant.unlockedUntil)
    return <Notice tone="info">Repeat the purpose to read: it opens the files to you for two hours.</Notice>;
  const { organizationId, id, files } = grant;
  return (
    <Card
      title="Files"
      description={
        <>
          Unlocked until <Time at={grant.unlockedUntil} form="instant" />. Every page is in the customer’s log before
          you see it.
        </>
      }
    >
      <ReadFile hidden={{ organizationId, id }} files={files} read={read} />
    </Card>
  );
}
