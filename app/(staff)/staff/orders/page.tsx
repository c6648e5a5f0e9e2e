import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { AgreementList } from "#components/orders/agreement-list.tsx";
import { OrderFields, SignedPdf } from "#components/orders/order-fields.tsx";
import { OrderList } from "#components/orders/order-list.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { OpenCustomer } from "#components/staff/open-customer.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskAgreements } from "#lib/domain/orders/agreements/queries.ts";
import type { DeskAgreement } from "#lib/domain/orders/agreements/view.ts";
import { orderFilter } from "#lib/domain/orders/input.ts";
import { orderCustomers, orderPage } from "#lib/domain/orders/queries.ts";
import { customerChoices } from "#lib/domain/staff/access/queries.ts";
import { draft, recordMaster } from "./actions.ts";

export const metadata: Metadata = { title: "Purchase orders" };

const base = "/staff/orders";

export default async function OrdersDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "orders.decide")) return <NoDesk />;
  const asked = orderFilter.parse(await firstOf(searchParams));
  const [{ rows, ...range }, customers, agreements, all] = await Promise.all([
    orderPage(ctx, asked),
    orderCustomers(ctx),
    deskAgreements(ctx),
    customerChoices(ctx),
  ]);
  return (
    <Page width="table">
      <PageHeader
        title="Purchase orders"
        description="What customers have signed (T-3-PO). Two people who did not write an order put it in force; from then on it stays as it is."
        action={
          <>
            <OpenCustomer open={look} customers={all} />
            {customers.length > 0 ? (
              <>
                <NewAgreement customers={customers} />
                <NewOrder customers={customers} agreements={agreements} />
              </>
            ) : null}
          </>
        }
      />
      <OrderList
        orders={rows}
        range={range}
        asked={asked}
        base={base}
        now={ctx.now}
        gate={(order) => (
          <LookDialog customer={{ id: order.organizationId, name: order.organizationName }} open={look} />
        )}
      />
      {agreements.length > 0 ? (
        <AgreementList
          agreements={agreements}
          description="Of the customers you look at now. An order can name the one it is placed under (T-2-PREC)."
          fileOf={({ organizationId, id }) => `${base}/${organizationId}/agreements/${id}/file`}
        />
      ) : null}
    </Page>
  );
}

type Customers = { customers: readonly { id: string; name: string }[] };

const CustomerField = ({ customers }: Customers) => (
  <FormSelect
    label="Customer"
    name="organizationId"
    options={customers.map(({ id, name }) => ({ value: id, label: name }))}
    help="Those you gave a reason to look at."
  />
);

const NewOrder = ({ customers, agreements }: Customers & { agreements: readonly DeskAgreement[] }) => (
  <FormDialog creates trigger="New order" title="Write down an order" submit="Save draft" size="wide" action={draft}>
    <CustomerField customers={customers} />
    <OrderFields
      agreements={agreements.map(({ id, number, organizationName }) => ({
        value: id,
        label: `${number} (${organizationName})`,
      }))}
    />
  </FormDialog>
);

const NewAgreement = ({ customers }: Customers) => (
  <FormDialog
    trigger="Record agreement…"
    title="Record a master agreement"
    description="It is kept as it was signed and cannot be changed; its customer finds it beside its orders."
    submit="Record agreement"
    action={recordMaster}
  >
    <CustomerField customers={customers} />
    <FormText label="Number" name="number" />
    <FormText label="Signed on" name="signedAt" type="date" />
    <SignedPdf label="Signed document" />
  </FormDialog>
);
