import { Gift } from "lucide-react";
import type { Metadata } from "next";
import { cache } from "react";
import { look } from "#app/(staff)/staff/actions.ts";
import { grant, recordCheck, sendBack } from "#app/(staff)/staff/billing/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { CreditList } from "#components/billing/credit-list.tsx";
import { AccountFacts } from "#components/billing-desk/account-facts.tsx";
import { DocumentList } from "#components/billing-desk/document-list.tsx";
import { GrantCredit } from "#components/billing-desk/grant-credit.tsx";
import { LedgerList } from "#components/billing-desk/ledger-list.tsx";
import { PaymentList } from "#components/billing-desk/payment-list.tsx";
import { StandingBadge } from "#components/billing-desk/standing-badge.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Id } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import {
  accountCredits,
  accountHolder,
  accountInvoices,
  deskAccount,
  ledgerPage,
} from "#lib/domain/billing/desk/account/queries.ts";
import { type BookFilter, bookFilter } from "#lib/domain/billing/desk/input.ts";
import { accountPayments } from "#lib/domain/payments/desk/queries.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";

const parts = { ledger: "Ledger", documents: "Documents", payments: "Payments", credit: "Credit" } as const;
type Part = keyof typeof parts;
const partOf = (asked: string | undefined): Part => (asked && asked in parts ? (asked as Part) : "ledger");

const back = <TextLink href="/staff/billing/accounts">Back to accounts</TextLink>;

type Props = { params: Promise<{ organization: string }>; searchParams: SearchParams };

/** Whose account it is, which the tab says as well. */
const holder = cache(async (organization: string) => {
  const ctx = await deskContext(`/staff/billing/accounts/${organization}`);
  if (!can(ctx.actor, "billing.decide")) return { ctx };
  return { ctx, customer: await found(accountHolder(ctx, asId("organization", organization))) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { customer } = await holder((await params).organization);
  return { title: customer ? `${customer.name} · Billing` : "Account · Billing" };
}

export default async function AccountPage({ params, searchParams }: Props) {
  const { organization } = await params;
  const { ctx, customer } = await holder(organization);
  if (!customer) return <NoDesk />;
  const base = `/staff/billing/accounts/${organization}`;
  if (!(await openLookAt(ctx, customer.id))) {
    return (
      <Page width="form">
        <PageHeader title="Account" action={back} />
        <LookGate customer={customer} what="A customer's books are seen with a reason." open={look} />
      </Page>
    );
  }
  const { show, ...rest } = await firstOf(searchParams);
  const part = partOf(show);
  const account = await deskAccount(ctx, customer.id);
  return (
    <Page width="table">
      <PageHeader
        title={customer.name}
        badge={<StandingBadge account={account} />}
        action={
          <>
            {back}
            <GrantCredit organizationId={customer.id} name={customer.name} grant={grant} />
          </>
        }
      />
      <AccountFacts account={account} now={ctx.now} recordCheck={recordCheck} />
      <div>
        <Segments
          label="Parts of the account"
          segments={Object.entries(parts).map(([name, label]) => ({
            href: `${base}?show=${name}`,
            label,
            current: name === part,
          }))}
        />
      </div>
      <Books ctx={ctx} organizationId={customer.id} part={part} asked={bookFilter.parse(rest)} base={base} />
    </Page>
  );
}

type BooksProps = {
  ctx: AccountContext;
  organizationId: Id<"organization">;
  part: Part;
  asked: BookFilter;
  base: string;
};

async function Books({ ctx, organizationId, part, asked, base }: BooksProps) {
  const common = { asked, base, kept: { show: part }, now: ctx.now };
  if (part === "documents") {
    const { rows, ...range } = await accountInvoices(ctx, organizationId, asked);
    return <DocumentList {...common} rows={rows} range={range} />;
  }
  if (part === "payments") {
    const { rows, ...range } = await accountPayments(ctx, organizationId, asked);
    return <PaymentList {...common} rows={rows} range={range} sendBack={sendBack} />;
  }
  if (part === "credit") return <Credit ctx={ctx} organizationId={organizationId} />;
  const { rows, ...range } = await ledgerPage(ctx, organizationId, asked);
  return <LedgerList {...common} rows={rows} range={range} />;
}

async function Credit({ ctx, organizationId }: Pick<BooksProps, "ctx" | "organizationId">) {
  const credits = await accountCredits(ctx, organizationId);
  return credits.length === 0 ? (
    <EmptyState icon={Gift} title="No credit yet">
      Credit pays invoices before a card is charged; what expires first is used first. Grant some with the button above.
    </EmptyState>
  ) : (
    <CreditList credits={credits} now={ctx.now} />
  );
}
