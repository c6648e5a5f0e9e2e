import { PackageOpen } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { TransferList } from "#components/models/transfer-list.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { type DeskTransfer, deskTransfers } from "#lib/domain/tuned-models/transfer/queries.ts";
import { mayFetch, transferState } from "#lib/domain/tuned-models/transfer/rules.ts";
import { execute } from "./actions.ts";

export const metadata: Metadata = { title: "Transfers" };

/** Customers' directives to give a tuned model to a distributor (T-4.2.3-CONF). */
export default async function TransfersDesk() {
  const ctx = await deskContext("/staff/transfers");
  if (!can(ctx.actor, "transfers.decide")) return <NoDesk />;
  const transfers = await deskTransfers(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Transfers"
        description="Customers’ directives to give a tuned model to a distributor. Each is carried out once; without one, no weights leave."
      />
      {transfers.length === 0 ? (
        <EmptyState icon={PackageOpen} title="No transfers">
          Directives that admins of customers sign on the page of a tuned model appear here.
        </EmptyState>
      ) : (
        <TransferList
          transfers={transfers}
          now={ctx.now}
          whose={({ organizationName }) => organizationName}
          action={(transfer) => <Act transfer={transfer} now={ctx.now} />}
        />
      )}
    </Page>
  );
}

function Act({ transfer, now }: { transfer: DeskTransfer; now: Date }) {
  const { id, organizationId, organizationName, distributor, executedAt } = transfer;
  if (mayFetch(executedAt, now)) {
    return (
      <LinkButton size="small" href={`/staff/transfers/${organizationId}/${id}/weights`} download>
        Download weights
      </LinkButton>
    );
  }
  if (transferState(transfer, now) !== "open") return null;
  return (
    <ConfirmDialog
      trigger="Carry out…"
      triggerLook={{ size: "small" }}
      title="Carry out this transfer"
      confirm="Carry out transfer"
      action={execute}
    >
      <input type="hidden" name="organization" value={organizationId} />
      <input type="hidden" name="transfer" value={id} />
      <p className="text-ui">
        {organizationName} directs us to give the model to {distributor}. It is done once: you can download the weights
        for an hour, and the customer sees it in their audit log.
      </p>
    </ConfirmDialog>
  );
}
