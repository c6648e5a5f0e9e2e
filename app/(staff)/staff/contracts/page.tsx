import { FileX } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { DecisionActs } from "#components/endings/decision-acts.tsx";
import { DecisionTable } from "#components/endings/decision-table.tsx";
import { EndingTable } from "#components/endings/ending-table.tsx";
import { ProposeEnd, ProposeReturn } from "#components/endings/propose-decision.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { OpenCustomer } from "#components/staff/open-customer.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { endingDesk } from "#lib/domain/ending/desk/queries.ts";
import type { DeskDecision } from "#lib/domain/ending/desk/view.ts";
import { customerChoices, openLooks } from "#lib/domain/staff/access/queries.ts";
import { allow, confirm, drop, end } from "./actions.ts";

export const metadata: Metadata = { title: "Ends of contracts" };

export default async function ContractsDesk() {
  const ctx = await deskContext("/staff/contracts");
  if (!can(ctx.actor, "contract.decide")) return <NoDesk />;
  const [{ decisions, endings }, looks, customers] = await Promise.all([
    endingDesk(ctx),
    openLooks(ctx),
    customerChoices(ctx, {}),
  ]);
  const seen = looks.map(({ organizationId: id, organizationName: name }) => ({ id, name }));
  const person = personOf(ctx.actor).id;
  const acts = (one: DeskDecision) =>
    seen.some(({ id }) => id === one.organizationId) ? (
      <DecisionActs decision={one} isOwn={one.proposedBy === person} confirm={confirm} drop={drop} />
    ) : (
      <LookDialog customer={{ id: one.organizationId, name: one.organizationName }} open={look} />
    );
  return (
    <Page width="table">
      <PageHeader
        title="Ends of contracts"
        description="An agreement ends for cause when one person proposes it and another confirms it (T-6-OTHER). The customer reads the words, and answers with a ticket. So does a new agreement after such an end."
        action={
          seen.length > 0 ? (
            <span className="flex flex-wrap gap-2">
              <ProposeReturn customers={seen} propose={allow} />
              <ProposeEnd customers={seen} propose={end} />
            </span>
          ) : (
            <OpenCustomer customers={customers} open={look} />
          )
        }
      />
      {decisions.length > 0 ? <DecisionTable decisions={decisions} acts={acts} /> : null}
      {endings.length > 0 ? <EndingTable endings={endings} /> : null}
      {decisions.length + endings.length === 0 ? (
        <EmptyState icon={FileX} title="No agreement ends">
          Notices of customers, ends for cause and what is proposed about them appear here.
        </EmptyState>
      ) : null}
    </Page>
  );
}
