import type { Metadata } from "next";
import { cache } from "react";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { approve, ask, claim, deny, revoke } from "#app/(staff)/staff/zero-retention/actions.ts";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { DecideRequest } from "#components/zero-retention/decide-request.tsx";
import { RequestFacts } from "#components/zero-retention/request-facts.tsx";
import { RequestMessages, RequestSteps } from "#components/zero-retention/request-history.tsx";
import { ZeroRetentionState } from "#components/zero-retention/zero-retention-state.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskZeroRetention } from "#lib/domain/zero-retention/desk/queries.ts";

const back = <TextLink href="/staff/zero-retention">Back to requests</TextLink>;

type Props = { params: Promise<{ request: string }> };

/** Read once for the tab and the page. */
const seen = cache(async (name: string) => {
  const ctx = await deskContext(`/staff/zero-retention/${name}`);
  if (!can(ctx.actor, "zero-retention.decide")) return { ctx };
  return { ctx, request: await found(deskZeroRetention(ctx, asId("zeroRetention", name))) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { request } = await seen((await params).request);
  return { title: request ? `${request.organizationName} · Zero retention` : "Zero retention" };
}

export default async function ZeroRetentionRequestPage({ params }: Props) {
  const { ctx, request } = await seen((await params).request);
  if (!request) return <NoDesk />;
  const { organizationId: id, organizationName: name } = request;
  if (request.isHidden) {
    return (
      <Page width="form">
        <PageHeader title="Request for zero retention" action={back} badge={<ZeroRetentionState request={request} />} />
        <LookGate customer={{ id, name }} what="What the customer wrote is read with a reason." open={look} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        title={name}
        description={`Asks for zero retention. Plan: ${request.plan}.`}
        badge={<ZeroRetentionState request={request} />}
        action={
          <>
            {back}
            {request.reviewProblem ? null : (
              <DecideRequest request={request} claim={claim} ask={ask} approve={approve} deny={deny} revoke={revoke} />
            )}
          </>
        }
      />
      {request.reviewProblem ? <Notice tone="warn">{request.reviewProblem}</Notice> : null}
      {request.hasFirstApproval ? (
        <Notice tone="info" title="One of two people has approved">
          Another person of the staff has to approve it too.
        </Notice>
      ) : null}
      <Card title="Request">
        <RequestFacts request={request} now={ctx.now} />
      </Card>
      {request.messages.length > 0 ? (
        <Card title="Messages">
          <RequestMessages messages={request.messages} now={ctx.now} />
        </Card>
      ) : null}
      {request.steps.length > 0 ? (
        <Card title="Evidence">
          <RequestSteps steps={request.steps} />
        </Card>
      ) : null}
    </Page>
  );
}
