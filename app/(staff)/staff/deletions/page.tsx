import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { CarryOut } from "#components/deletions/carry-out.tsx";
import { DeletionList } from "#components/deletions/deletion-list.tsx";
import { SignIdentity } from "#components/deletions/sign-identity.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskDeletions } from "#lib/domain/retention/deletions/queries.ts";
import type { DeskDeletion } from "#lib/domain/retention/deletions/view.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import { carryOut, sign } from "./actions.ts";

export const metadata: Metadata = { title: "Deletions" };

export default async function DeletionsDesk() {
  const ctx = await deskContext("/staff/deletions");
  if (!can(ctx.actor, "deletions.decide")) return <NoDesk />;
  const [deletions, looks] = await Promise.all([deskDeletions(ctx), openLooks(ctx)]);
  const acts = (one: DeskDeletion) => {
    const waitsForIdentity = one.requestedBy === null && one.signedName === null;
    if (one.state === "done" || (one.kind === "agent" && !waitsForIdentity)) return null;
    if (looks.some(({ organizationId }) => organizationId === one.organizationId))
      return waitsForIdentity ? (
        <SignIdentity deletion={one} sign={sign} />
      ) : (
        <CarryOut deletion={one} carryOut={carryOut} />
      );
    return <LookDialog customer={{ id: one.organizationId, name: one.organizationName }} open={look} />;
  };
  return (
    <Page width="table">
      <PageHeader
        title="Deletions"
        description="What customers asked us in writing to delete, with the day it has to be gone (T-4.3-DEL3, T-4.2.3-DEL3). Agents go by themselves within minutes; other data waits for you."
      />
      {deletions.length === 0 ? (
        <EmptyState icon={Trash2} title="No requests to delete">
          Requests that customers write in Help appear here, the soonest due first.
        </EmptyState>
      ) : (
        <DeletionList deletions={deletions} acts={acts} now={ctx.now} />
      )}
    </Page>
  );
}
