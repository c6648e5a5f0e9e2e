import { MessageSquareWarning } from "lucide-react";
import type { Metadata } from "next";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { DisputeTable } from "#components/billing-desk/dispute-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { decidedDisputes, openDisputes } from "#lib/domain/billing/disputes/queries.ts";

export const metadata: Metadata = { title: "Disputes · Billing" };

export default async function DisputesDesk() {
  const ctx = await deskContext("/staff/billing/disputes");
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const [open, decided] = await Promise.all([openDisputes(ctx), decidedDisputes(ctx)]);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="disputes"
        description="Lines of invoices that customers object to (T-5.2-DISP). What is disputed is not asked for until it is decided."
      />
      {open.length === 0 ? (
        <EmptyState icon={MessageSquareWarning} title="No open disputes">
          Disputes appear here, the oldest first.
        </EmptyState>
      ) : (
        <Card flush title="Open disputes">
          <DisputeTable disputes={open} now={ctx.now} />
        </Card>
      )}
      {decided.length > 0 ? (
        <Card flush title="Decided last">
          <DisputeTable disputes={decided} now={ctx.now} />
        </Card>
      ) : null}
    </Page>
  );
}
