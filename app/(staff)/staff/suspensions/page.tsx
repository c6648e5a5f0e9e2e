import { ShieldOff } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { OpenCustomer } from "#components/staff/open-customer.tsx";
import { ProposeSuspension } from "#components/suspensions/propose-suspension.tsx";
import { SuspensionActs } from "#components/suspensions/suspension-acts.tsx";
import { SuspensionList } from "#components/suspensions/suspension-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { customerChoices, openLooks } from "#lib/domain/staff/access/queries.ts";
import { deskSuspensions } from "#lib/domain/suspensions/desk/queries.ts";
import type { DeskSuspension } from "#lib/domain/suspensions/view.ts";
import { confirm, drop, judge, propose, resume, uphold } from "./actions.ts";

export const metadata: Metadata = { title: "Suspensions" };

export default async function SuspensionsDesk() {
  const ctx = await deskContext("/staff/suspensions");
  if (!can(ctx.actor, "suspensions.decide")) return <NoDesk />;
  const [suspensions, looks, customers] = await Promise.all([
    deskSuspensions(ctx),
    openLooks(ctx),
    customerChoices(ctx, {}),
  ]);
  const seen = looks.map(({ organizationId: id, organizationName: name }) => ({ id, name }));
  const person = personOf(ctx.actor).id;
  const acts = (one: DeskSuspension) =>
    seen.some(({ id }) => id === one.organizationId) ? (
      <SuspensionActs suspension={one} person={person} actions={{ confirm, drop, resume, uphold, judge }} />
    ) : (
      <LookDialog customer={{ id: one.organizationId, name: one.organizationName }} open={look} />
    );
  return (
    <Page width="table">
      <PageHeader
        title="Suspensions"
        description="A breach of the terms can end a customer’s access (T-4.1-USE): one person proposes it, another puts it in force, and somebody who had no part in it judges an appeal. The customer reads reason, clause and requests."
        action={
          seen.length > 0 ? (
            <ProposeSuspension customers={seen} propose={propose} />
          ) : (
            <OpenCustomer customers={customers} open={look} />
          )
        }
      />
      {suspensions.length === 0 ? (
        <EmptyState icon={ShieldOff} title="No suspensions">
          Suspensions that are proposed or in force appear here, appeals first.
        </EmptyState>
      ) : (
        <SuspensionList suspensions={suspensions} acts={acts} now={ctx.now} />
      )}
    </Page>
  );
}
