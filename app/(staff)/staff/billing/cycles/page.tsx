import { CalendarCheck } from "lucide-react";
import type { Metadata } from "next";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { CycleTable } from "#components/billing-desk/cycle-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { stuckCycles } from "#lib/domain/billing/desk/queries.ts";

export const metadata: Metadata = { title: "Cycles · Billing" };

export default async function CyclesDesk() {
  const ctx = await deskContext("/staff/billing/cycles");
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const cycles = await stuckCycles(ctx);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="cycles"
        description="Months that are over and not invoiced yet (T-5.2-EOC), with what each waits for. They are tried again each minute."
      />
      {cycles.length === 0 ? (
        <EmptyState icon={CalendarCheck} title="Every month is closed">
          A month that cannot be invoiced appears here, with the reason.
        </EmptyState>
      ) : (
        <CycleTable cycles={cycles} />
      )}
    </Page>
  );
}
