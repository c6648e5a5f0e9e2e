import type { Metadata } from "next";
import { cache } from "react";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { CorrectType } from "#components/customers/correct-type.tsx";
import { CustomerBadge } from "#components/customers/customer-badge.tsx";
import { CustomerCards } from "#components/customers/customer-cards.tsx";
import { Crumb } from "#components/shell/crumb.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { customerHead, customerOverview } from "#lib/domain/customers/queries.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";
import { correct } from "./actions.ts";

type Props = { params: Promise<{ organization: string }> };

/** Whose page it is, which the tab says as well. */
const head = cache(async (organization: string) => {
  const ctx = await deskContext(`/staff/customers/${organization}`);
  if (!can(ctx.actor, "looks.decide")) return { ctx };
  return { ctx, customer: await found(customerHead(ctx, asId("organization", organization))) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { customer } = await head((await params).organization);
  return { title: customer ? `${customer.name} · Customers` : "Customers" };
}

export default async function CustomerPage({ params }: Props) {
  const { ctx, customer } = await head((await params).organization);
  if (!customer) return <NoDesk />;
  const isSeen = (await openLookAt(ctx, customer.id)) !== null;
  return (
    <Page>
      <Crumb name={customer.name} />
      <PageHeader
        title={customer.name}
        badge={<CustomerBadge state={customer.state} />}
        description={customer.id}
        action={<TextLink href="/staff/customers">Back to customers</TextLink>}
      />
      {isSeen ? (
        <CustomerCards
          customer={await customerOverview(ctx, customer.id)}
          now={ctx.now}
          type={
            can(ctx.actor, "billing.decide")
              ? (now) => <CorrectType id={customer.id} now={now} correct={correct} />
              : null
          }
        />
      ) : (
        <LookGate customer={customer} what="What is going on with a customer is seen with a reason." open={look} />
      )}
    </Page>
  );
}
