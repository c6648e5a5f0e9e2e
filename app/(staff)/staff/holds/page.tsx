import { Scale } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { HoldActs } from "#components/holds/hold-acts.tsx";
import { DeskHoldList } from "#components/holds/hold-list.tsx";
import { ProposeHold } from "#components/holds/propose-hold.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { OpenCustomer } from "#components/staff/open-customer.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { deskHolds } from "#lib/domain/retention/holds/queries.ts";
import type { DeskHold } from "#lib/domain/retention/holds/view.ts";
import { customerChoices, openLooks } from "#lib/domain/staff/access/queries.ts";
import { approve, drop, end, extend, propose } from "./actions.ts";

export const metadata: Metadata = { title: "Legal holds" };

export default async function HoldsDesk() {
  const ctx = await deskContext("/staff/holds");
  if (!can(ctx.actor, "holds.decide")) return <NoDesk />;
  const [holds, looks, customers] = await Promise.all([deskHolds(ctx), openLooks(ctx), customerChoices(ctx, {})]);
  const seen = looks.map(({ organizationId: id, organizationName: name }) => ({ id, name }));
  const person = personOf(ctx.actor).id;
  const acts = (one: DeskHold) =>
    seen.some(({ id }) => id === one.organizationId) ? (
      <HoldActs hold={one} person={person} actions={{ approve, drop, extend, end }} />
    ) : (
      <LookDialog customer={{ id: one.organizationId, name: one.organizationName }} open={look} />
    );
  return (
    <Page width="table">
      <PageHeader
        title="Legal holds"
        description="What a court or an authority has us keep. Under a hold nothing is deleted, by the customer or by a deadline. One person proposes it, another approves it, and the customer is told unless the law forbids that."
        action={
          seen.length > 0 ? (
            <ProposeHold customers={seen} propose={propose} />
          ) : (
            <OpenCustomer customers={customers} open={look} />
          )
        }
      />
      {holds.length === 0 ? (
        <EmptyState icon={Scale} title="No legal holds">
          Holds that are proposed or in force appear here, the next review first.
        </EmptyState>
      ) : (
        <DeskHoldList holds={holds} acts={acts} now={ctx.now} />
      )}
    </Page>
  );
}
