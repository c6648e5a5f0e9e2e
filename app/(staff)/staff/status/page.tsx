import { Activity } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { IncidentTable } from "#components/status-desk/incident-table.tsx";
import { MaintenanceTable } from "#components/status-desk/maintenance-table.tsx";
import { IncidentForm, MaintenanceForm } from "#components/status-desk/status-forms.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { statusDesk } from "#lib/domain/status/queries.ts";
import { cancel, open, plan, update } from "./actions.ts";

export const metadata: Metadata = { title: "Status page" };

export default async function StatusDeskPage() {
  const ctx = await deskContext("/staff/status");
  if (!can(ctx.actor, "status.decide")) return <NoDesk />;
  const { incidents, maintenances, components } = await statusDesk(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Status page"
        description="What customers read at /status (T-4.4-SLO1). Incidents open and end by themselves; one that was written to here is left to you. Planned work is excluded from downtime only once customers were told before it begins (T-4.4-SLO3)."
        action={
          <div className="flex flex-wrap gap-2">
            <MaintenanceForm components={components} plan={plan} />
            <IncidentForm components={components} open={open} />
          </div>
        }
      />
      {incidents.length === 0 && maintenances.length === 0 ? (
        <EmptyState icon={Activity} title="Nothing went wrong, and no work is planned">
          Incidents of the last ninety days and planned work appear here.
        </EmptyState>
      ) : null}
      <IncidentTable incidents={incidents} update={update} now={ctx.now} />
      <MaintenanceTable maintenances={maintenances} cancel={cancel} now={ctx.now} />
    </Page>
  );
}
