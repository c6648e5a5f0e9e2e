import { LifeBuoy } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { DeskGrantList } from "#components/assistance/desk-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskGrants } from "#lib/domain/assistance/desk/queries.ts";

export const metadata: Metadata = { title: "Assistance" };

export default async function AssistanceDesk() {
  const ctx = await deskContext("/staff/assistance");
  if (!can(ctx.actor, "assistance.decide")) return <NoDesk />;
  const grants = await deskGrants(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Assistance"
        description="Customers who asked in writing for help with files of theirs (T-4.2.3-ASSIST). A file is read once the request is approved, the customer has agreed and you have repeated the purpose."
      />
      {grants.length === 0 ? (
        <EmptyState icon={LifeBuoy} title="No requests for assistance">
          Requests that admins of customers write in Help appear here, those that wait for you first.
        </EmptyState>
      ) : (
        <DeskGrantList grants={grants} now={ctx.now} />
      )}
    </Page>
  );
}
