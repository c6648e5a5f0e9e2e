import { CalendarCheck } from "lucide-react";
import type { Metadata } from "next";
import { giveBack } from "#app/(staff)/staff/billing/actions.ts";
import { DeskHeader } from "#app/(staff)/staff/billing/desk-header.tsx";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { CycleTable } from "#components/billing-desk/cycle-table.tsx";
import { TrainingCreditTable } from "#components/billing-desk/training-credit-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { stuckCycles } from "#lib/domain/billing/desk/queries.ts";
import { trainingCredits } from "#lib/domain/fine-tuning/credits/queries.ts";

export const metadata: Metadata = { title: "Cycles · Billing" };

export default async function CyclesDesk() {
  const ctx = await deskContext("/staff/billing/cycles");
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const [cycles, credits] = await Promise.all([stuckCycles(ctx), trainingCredits(ctx)]);
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
      {credits.length > 0 ? (
        <Card
          flush
          title="Trainings to give back"
          description="They failed on our side after months of them were billed. Months that are over stay as they are."
        >
          <TrainingCreditTable credits={credits} now={ctx.now} give={giveBack} />
        </Card>
      ) : null}
    </Page>
  );
}
