import { MessageSquareWarning } from "lucide-react";
import type { Metadata } from "next";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { DisputeList } from "#components/billing/dispute-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { disputeFilter } from "#lib/domain/billing/disputes/input.ts";
import { deskDisputePage } from "#lib/domain/billing/disputes/queries.ts";

export const metadata: Metadata = { title: "Disputes · Billing" };

const base = "/staff/billing/disputes";

export default async function DisputesDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const asked = disputeFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await deskDisputePage(ctx, asked);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="disputes"
        description="Lines of invoices that customers object to (T-5.2-DISP). What is disputed is not asked for until it is decided."
      />
      <DisputeList
        isDesk
        disputes={rows}
        range={range}
        asked={asked}
        base={base}
        hrefOf={({ organizationId, id }) => `${base}/${organizationId}/${id}`}
        now={ctx.now}
        empty={
          <EmptyState icon={MessageSquareWarning} title="No disputes yet">
            Disputes appear here: open ones first, the oldest before all.
          </EmptyState>
        }
      />
    </Page>
  );
}
