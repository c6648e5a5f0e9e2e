import { Scale } from "lucide-react";
import type { Metadata } from "next";
import { settle } from "#app/(staff)/staff/billing/actions.ts";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { DifferenceTable } from "#components/billing-desk/difference-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { openDifferences, settledDifferences } from "#lib/domain/payments/reconciliation/queries.ts";

export const metadata: Metadata = { title: "Differences · Billing" };

export default async function DifferencesDesk() {
  const ctx = await deskContext("/staff/billing/differences");
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const [open, settled] = await Promise.all([openDifferences(ctx), settledDifferences(ctx)]);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="differences"
        description="Where the payment provider's books say something else than ours. They are compared each night."
      />
      {open.length === 0 ? (
        <EmptyState icon={Scale} title="The books agree">
          A payment that the provider and we know differently appears here.
        </EmptyState>
      ) : (
        <Card flush title="Open differences">
          <DifferenceTable differences={open} now={ctx.now} settle={settle} />
        </Card>
      )}
      {settled.length > 0 ? (
        <Card flush title="Settled last">
          <DifferenceTable differences={settled} now={ctx.now} />
        </Card>
      ) : null}
    </Page>
  );
}
