import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { PayableList } from "#components/billing-desk/payable-list.tsx";
import { ReceiptTable } from "#components/billing-desk/receipt-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { payableFilter } from "#lib/domain/payments/receipts/input.ts";
import { lastReceipts, payableInvoices } from "#lib/domain/payments/receipts/queries.ts";
import { record } from "./actions.ts";
import { DeskHeader, deskBase } from "./desk-header.tsx";

export const metadata: Metadata = { title: "Receipts · Billing" };

export default async function ReceiptsDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(deskBase);
  if (!can(ctx.actor, "billing.decide")) return <NoDesk />;
  const asked = payableFilter.parse(await firstOf(searchParams));
  const [{ rows, ...range }, receipts] = await Promise.all([payableInvoices(ctx, asked), lastReceipts(ctx)]);
  return (
    <Page width="table">
      <DeskHeader
        ctx={ctx}
        part="receipts"
        description="Money that came by bank transfer is recorded on the invoice it names. What is too much becomes the customer's credit."
      />
      <PayableList rows={rows} range={range} asked={asked} base={deskBase} now={ctx.now} record={record} />
      {receipts.length > 0 ? (
        <Card flush title="Recorded last">
          <ReceiptTable receipts={receipts} now={ctx.now} />
        </Card>
      ) : null}
    </Page>
  );
}
