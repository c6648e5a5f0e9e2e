import { Megaphone } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { ReportList } from "#components/abuse-reports/report-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskReports } from "#lib/domain/abuse-reports/queries.ts";
import { outcomeTitles, reportKindTitles } from "#lib/domain/abuse-reports/rules.ts";
import type { AbuseReport } from "#lib/domain/abuse-reports/view.ts";
import { decide } from "./actions.ts";

export const metadata: Metadata = { title: "Reports of abuse" };

export default async function ReportsDesk() {
  const ctx = await deskContext("/staff/reports");
  if (!can(ctx.actor, "abuse.read")) return <NoDesk />;
  const { open, decided } = await deskReports(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Reports of abuse"
        description="What people without an account told us (T-4.1-USE). It is their word: look into it before you act."
      />
      {open.length === 0 ? (
        <EmptyState icon={Megaphone} title="No open reports">
          Reports that anyone sends at /report appear here, the oldest first.
        </EmptyState>
      ) : (
        <Card flush title="Open reports">
          <ReportList
            caption="Open reports"
            reports={open}
            now={ctx.now}
            {...(can(ctx.actor, "abuse.decide") && { acts: Decide })}
          />
        </Card>
      )}
      {decided.length > 0 ? (
        <Card flush title="Last decisions">
          <ReportList caption="Last decisions" reports={decided} now={ctx.now} />
        </Card>
      ) : null}
    </Page>
  );
}

const Decide = ({ id, kind, place }: AbuseReport) => (
  <FormDialog
    trigger="Decide…"
    triggerLook={{ size: "small" }}
    triggerLabel={`Decide about ${place}`}
    title={`Decide: ${reportKindTitles[kind]}`}
    submit="Save decision"
    hidden={{ id }}
    action={decide}
  >
    <FormSelect
      label="Outcome"
      name="outcome"
      options={Object.entries(outcomeTitles).map(([value, label]) => ({ value, label }))}
    />
    <FormTextarea label="Why" name="note" rows={3} maxLength={2000} help="Only staff read this." />
  </FormDialog>
);
