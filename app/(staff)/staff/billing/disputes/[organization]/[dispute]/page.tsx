import type { Metadata } from "next";
import { cache } from "react";
import { look } from "#app/(staff)/staff/actions.ts";
import { answer, decide } from "#app/(staff)/staff/billing/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { DisputeBadge } from "#components/billing/dispute-state.tsx";
import { DecideDispute } from "#components/billing-desk/decide-dispute.tsx";
import { DisputedLines, DisputeFacts } from "#components/billing-desk/dispute-facts.tsx";
import { DisputeThread } from "#components/billing-desk/dispute-thread.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskDispute, disputeHolder } from "#lib/domain/billing/desk/account/queries.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";

const back = <TextLink href="/staff/billing/disputes">Back to disputes</TextLink>;

type Props = { params: Promise<{ organization: string; dispute: string }> };

/** Read once for the tab and the page; without a reason to look, the dispute is left out. */
const seen = cache(async (organization: string, name: string) => {
  const ctx = await deskContext(`/staff/billing/disputes/${organization}/${name}`);
  if (!can(ctx.actor, "billing.decide")) return { ctx };
  const id = asId("dispute", name);
  const customer = await found(disputeHolder(ctx, asId("organization", organization), id));
  if (!(await openLookAt(ctx, customer.id))) return { ctx, customer };
  return { ctx, customer, dispute: await found(deskDispute(ctx, customer.id, id)) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { organization, dispute: name } = await params;
  const { dispute } = await seen(organization, name);
  return { title: dispute ? `Dispute of ${dispute.number} · Billing` : "Dispute · Billing" };
}

export default async function DisputePage({ params }: Props) {
  const { organization, dispute: name } = await params;
  const { ctx, customer, dispute } = await seen(organization, name);
  if (!customer) return <NoDesk />;
  if (!dispute) {
    return (
      <Page width="form">
        <PageHeader title="Dispute" action={back} />
        <LookGate customer={customer} what="What the customer wrote is read with a reason." open={look} />
      </Page>
    );
  }
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
      <DisputeThread
        dispute={dispute}
        base={`/staff/billing/disputes/${customer.id}/${dispute.id}`}
        now={ctx.now}
        {...(isOpen && { answer })}
      />
    </Page>
  );
}
