import type { Metadata } from "next";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { AccountList } from "#components/billing-desk/account-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { accountFilter } from "#lib/domain/billing/desk/input.ts";
import { accountPage } from "#lib/domain/billing/desk/queries.ts";

export const metadata: Metadata = { title: "Accounts · Billing" };

const base = "/staff/billing/accounts";

export default async function AccountsDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const asked = accountFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await accountPage(ctx, asked);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="accounts"
        description="Every customer who is billed, and how each stands. Books and documents are seen with a reason only."
      />
      <AccountList rows={rows} range={range} asked={asked} base={base} now={ctx.now} />
    </Page>
  );
}
