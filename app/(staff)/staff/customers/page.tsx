import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { CustomerList } from "#components/customers/customer-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { customerFilter } from "#lib/domain/customers/input.ts";
import { customerPage } from "#lib/domain/customers/queries.ts";

export const metadata: Metadata = { title: "Customers" };

export default async function CustomersPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext("/staff/customers");
  if (!can(ctx.actor, "looks.decide")) return <NoDesk />;
  const asked = customerFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await customerPage(ctx, asked);
  return (
    <Page width="table">
      <PageHeader
        title="Customers"
        description="All organizations. To see more than a name, give a reason: the customer can read it."
      />
      <CustomerList customers={rows} range={range} asked={asked} now={ctx.now} />
    </Page>
  );
}
