import { Gauge } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { DecideRequest } from "#components/rates/decide-request.tsx";
import { DeskRequestList } from "#components/rates/desk-request-list.tsx";
import { OverrideList } from "#components/rates/override-list.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { closedRateRequests, openRateRequests, overridesInForce } from "#lib/domain/staff/rates/queries.ts";
import type { OverrideInForce, SeenRequest } from "#lib/domain/staff/rates/view.ts";
import { deny, end, grant } from "./actions.ts";

export const metadata: Metadata = { title: "Rate limits" };

export default async function RatesDesk() {
  const ctx = await deskContext("/staff/rates");
  if (!can(ctx.actor, "rates.decide")) return <NoDesk />;
  const [open, closed, overrides] = await Promise.all([
    openRateRequests(ctx),
    closedRateRequests(ctx),
    overridesInForce(ctx),
  ]);
  return (
    <Page>
      <PageHeader
        title="Rate limits"
        description="What customers ask for, and what was decided (T-4.2.1-RL). Every decision has a reason the customer reads."
      />
      {open.length === 0 ? (
        <EmptyState icon={Gauge} title="No open requests">
          Requests for higher limits appear here, the oldest first.
        </EmptyState>
      ) : (
        <Card flush title="Open requests">
          <DeskRequestList requests={open} now={ctx.now} actions={Decide} />
        </Card>
      )}
      <Card
        flush={overrides.length > 0}
        title="Overrides in force"
        description={overrides.length > 0 ? undefined : "None: every customer has what plan and tier give."}
      >
        {overrides.length > 0 ? <OverrideList overrides={overrides} actions={End} /> : null}
      </Card>
      {closed.length > 0 ? (
        <Card flush title="Last answers">
          <DeskRequestList requests={closed} now={ctx.now} />
        </Card>
      ) : null}
    </Page>
  );
}

/** What a customer wrote is seen, and decided about, with a reason. */
const Decide = (row: SeenRequest) =>
  row.isHidden ? (
    <LookDialog customer={{ id: row.organizationId, name: row.organizationName }} open={look} />
  ) : (
    <DecideRequest request={row} grant={grant} deny={deny} />
  );

const End = (row: OverrideInForce) => (
  <ConfirmDialog
    trigger="End"
    triggerLook={{ size: "small" }}
    title={`End the override of ${row.organizationName}`}
    confirm="End override"
    action={end}
  >
    <input type="hidden" name="id" value={row.id} />
    <input type="hidden" name="organizationId" value={row.organizationId} />
    <p className="text-ui">
      Plan and tier of {row.organizationName} hold again from its next request on. Requests under way go on.
    </p>
  </ConfirmDialog>
);
