import { FileSignature } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { OrderFields } from "#components/orders/order-fields.tsx";
import { OrderPhaseBadge, periodWords } from "#components/orders/order-words.tsx";
import { LookDialog } from "#components/staff/look-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskOrders, orderCustomers } from "#lib/domain/orders/queries.ts";
import { lookReasons } from "#lib/domain/staff/access/rules.ts";
import { draft } from "./actions.ts";

export const metadata: Metadata = { title: "Purchase orders" };

export default async function OrdersDesk() {
  const ctx = await deskContext("/staff/orders");
  if (!can(ctx.actor, "orders.decide")) return <NoDesk />;
  const [orders, customers] = await Promise.all([deskOrders(ctx), orderCustomers(ctx)]);
  return (
    <Page>
      <PageHeader
        title="Purchase orders"
        description="What customers have signed (T-3-PO). Two people who did not write an order put it in force; from then on it stays as it is."
        action={
          <>
            <OpenCustomer />
            {customers.length > 0 ? <NewOrder customers={customers} /> : null}
          </>
        }
      />
      {orders.length === 0 ? (
        <EmptyState icon={FileSignature} title="No purchase orders">
          Say first why you look at a customer; then you can write down what it signed.
        </EmptyState>
      ) : (
        <Table caption="Purchase orders" columns={columns}>
          {orders.map((order) => (
            <Row key={order.id}>
              <HeadCell>
                {order.isHidden ? (
                  order.number
                ) : (
                  <TextLink href={`/staff/orders/${order.organizationId}/${order.id}`}>{order.number}</TextLink>
                )}
              </HeadCell>
              <Cell label="Customer">{order.organizationName}</Cell>
              <Cell label="State">
                <OrderPhaseBadge order={order} now={ctx.now} />
                {order.state === "draft" ? ` ${order.approvers.length} of 2 approvals` : null}
              </Cell>
              <Cell label="Period" wrap>
                {periodWords(order)}
              </Cell>
              <Cell label="Written by">{order.author}</Cell>
              <Cell align="right">
                {order.isHidden ? (
                  <LookDialog customer={{ id: order.organizationId, name: order.organizationName }} open={look} />
                ) : null}
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </Page>
  );
}

const columns = [
  { key: "number", label: "Number" },
  { key: "customer", label: "Customer" },
  { key: "state", label: "State" },
  { key: "period", label: "Period" },
  { key: "author", label: "Written by" },
  { key: "do", label: "Look", quiet: true },
];

/** The first order of a customer comes from nowhere on these desks, so its id is typed. */
const OpenCustomer = () => (
  <FormDialog trigger="Open a customer…" title="Why do you look at this customer?" submit="Look" action={look}>
    <FormText label="Organization id" name="organizationId" placeholder="org_…" />
    <FormSelect
      label="Reason"
      name="reason"
      options={Object.entries(lookReasons).map(([value, label]) => ({ value, label }))}
    />
    <FormText label="In a few words" name="words" help="The customer reads it in its audit log." />
  </FormDialog>
);

const NewOrder = ({ customers }: { customers: readonly { id: string; name: string }[] }) => (
  <FormDialog creates trigger="New order" title="Write down an order" submit="Save draft" size="wide" action={draft}>
    <FormSelect
      label="Customer"
      name="organizationId"
      options={customers.map(({ id, name }) => ({ value: id, label: name }))}
    />
    <OrderFields />
  </FormDialog>
);
