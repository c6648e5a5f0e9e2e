import type { Metadata } from "next";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { LateList } from "#components/billing-desk/late-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { lateFilter } from "#lib/domain/billing/desk/input.ts";
import { lateAccounts } from "#lib/domain/billing/desk/queries.ts";

export const metadata: Metadata = { title: "Dunning · Billing" };

const base = "/staff/billing/dunning";

export default async function DunningDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const asked = lateFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await lateAccounts(ctx, asked);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="dunning"
        description="Who owes what is due. Everything here happens by itself: past due after 7 days, blocked after 14, tried again until day 21."
      />
      <LateList rows={rows} range={range} asked={asked} base={base} now={ctx.now} />
    </Page>
  );
}
