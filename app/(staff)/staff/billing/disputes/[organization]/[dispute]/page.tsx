import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { look } from "#app/(staff)/staff/actions.ts";
import { answer, decide } from "#app/(staff)/staff/billing/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { DecideDispute } from "#components/billing-desk/decide-dispute.tsx";
import { DisputeBadge } from "#components/billing-desk/dispute-badge.tsx";
import { DisputedLines, DisputeFacts } from "#components/billing-desk/dispute-facts.tsx";
import { DisputeThread } from "#components/billing-desk/dispute-thread.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { isId } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import { deskDispute, disputeHolder } from "#lib/domain/billing/desk/account/queries.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";

export const metadata: Metadata = { title: "Dispute · Billing" };

const back = <TextLink href="/staff/billing/disputes">Back to disputes</TextLink>;

type Props = { params: Promise<{ organization: string; dispute: string }> };

export default async function DisputePage({ params }: Props) {
  const { organization, dispute: id } = await params;
  const ctx = await deskContext(`/staff/billing/disputes/${organization}/${id}`);
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  if (!isId("organization", organization) || !isId("dispute", id)) notFound();
  const customer = await found(disputeHolder(ctx, organization, id));
  if (!(await openLookAt(ctx, customer.id))) {
    return (
      <Page width="form">
        <PageHeader title="Dispute" action={back} />
        <LookGate customer={customer} what="What the customer wrote is read with a reason." open={look} />
      </Page>
    );
  }
  const dispute = await found(deskDispute(ctx, organization, id));
  const isOpen = dispute.state === "open";
  return (
    <Page>
      <PageHeader
        title={`Dispute of ${dispute.number}`}
        description={customer.name}
        badge={<DisputeBadge state={dispute.state} />}
        action={
          <>
            {back}
            {isOpen ? <DecideDispute dispute={dispute} decide={decide} /> : null}
          </>
        }
      />
      <Card title="What is disputed">
        <DisputeFacts dispute={dispute} now={ctx.now} />
      </Card>
      <Card flush title="Disputed lines">
        <DisputedLines dispute={dispute} />
      </Card>
      <DisputeThread dispute={dispute} now={ctx.now} {...(isOpen && { answer })} />
    </Page>
  );
}
