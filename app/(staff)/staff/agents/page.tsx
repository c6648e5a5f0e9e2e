import { Flag } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { AgentReportList } from "#components/staff/agent-report-list.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { decidedReports, openReports } from "#lib/domain/agents/reports/desk/queries.ts";
import type { DeskReport } from "#lib/domain/agents/reports/desk/view.ts";
import { dismiss, rename } from "./actions.ts";

export const metadata: Metadata = { title: "Reports of agents" };

export default async function AgentsDesk() {
  const ctx = await deskContext("/staff/agents");
  if (!can(ctx.actor, "agents.decide")) return <NoDesk />;
  const [open, decided] = await Promise.all([openReports(ctx), decidedReports(ctx)]);
  return (
    <Page>
      <PageHeader
        title="Reports of agents"
        description="Complaints about names (T-4.3-RESP2). Names, handles and the kind of complaint are shown here, never what is in an agent. What was written about it is read under a reason."
      />
      {open.length === 0 ? (
        <EmptyState icon={Flag} title="No open reports">
          Complaints about the names of agents appear here, the oldest first.
        </EmptyState>
      ) : (
        <Card flush title="Open reports">
          <AgentReportList reports={open} now={ctx.now} actions={Decide} look={Why} />
        </Card>
      )}
      {decided.length > 0 ? (
        <Card flush title="Last decisions">
          <AgentReportList reports={decided} now={ctx.now} look={Why} />
        </Card>
      ) : null}
    </Page>
  );
}

const Why = ({ organizationId: id, organizationName: name }: DeskReport) => (
  <LookDialog customer={{ id, name }} open={look} />
);

const Decide = (report: DeskReport) => (
  <>
    <FormDialog
      trigger="Dismiss…"
      triggerLook={{ size: "small" }}
      triggerLabel={`Dismiss the report of ${report.name}`}
      title={`Dismiss the report of ${report.name}`}
      description="The name stays. Whoever reported it gets your answer by letter."
      submit="Dismiss report"
      hidden={{ report: report.id }}
      action={dismiss}
    >
      <Answer help="The person who reported it reads this." />
    </FormDialog>
    {report.currentName === null ? null : (
      <FormDialog
        trigger="Rename…"
        triggerLook={{ size: "small", emphasis: "primary" }}
        triggerLabel={`Rename ${report.name}`}
        title={`Rename ${report.currentName} of ${report.organizationName}`}
        description={`Its owner and the registration contact are told by letter. @${report.currentHandle} stops working where the handle changes.`}
        submit="Rename agent"
        hidden={{ report: report.id }}
        action={rename}
      >
        <FormText label="New name" name="name" maxLength={80} autoComplete="off" placeholder="Travel desk" />
        <FormText
          label="New handle"
          name="handle"
          maxLength={33}
          autoComplete="off"
          placeholder="travel-desk"
          help="What follows the @: letters a to z, digits and dashes."
        />
        <Answer help="The customer and who reported it read this." />
      </FormDialog>
    )}
  </>
);

const Answer = ({ help }: { help: string }) => (
  <FormTextarea label="Reason" name="answer" rows={3} maxLength={2000} help={help} />
);
