import type { Metadata } from "next";
import { cache } from "react";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { amend, approve, change, place, withdraw } from "#app/(staff)/staff/orders/actions.ts";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { OrderFields } from "#components/orders/order-fields.tsx";
import { OrderPhaseBadge, periodWords } from "#components/orders/order-words.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { describe, valueWords } from "#lib/domain/contract/keys/rules.ts";
import { deskAgreements } from "#lib/domain/orders/agreements/queries.ts";
import type { DeskAgreement } from "#lib/domain/orders/agreements/view.ts";
import { deskOrder } from "#lib/domain/orders/queries.ts";
import type { DeskOrder } from "#lib/domain/orders/view.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";

type Props = { params: Promise<{ organization: string; order: string }> };

const back = <TextLink href="/staff/orders">Back to the orders</TextLink>;

/** Read once for the tab and the page; without a reason to look, the order is left out. */
const seen = cache(async (organization: string, name: string) => {
  const ctx = await deskContext(`/staff/orders/${organization}/${name}`);
  if (!can(ctx.actor, "orders.decide")) return { ctx };
  const organizationId = asId("organization", organization);
  if (!(await openLookAt(ctx, organizationId))) return { ctx, organizationId };
  const order = await found(deskOrder(ctx, organizationId, asId("order", name)));
  return { ctx, organizationId, order, agreements: await deskAgreements(ctx) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { organization, order: name } = await params;
  const { order } = await seen(organization, name);
  return { title: order ? `Order ${order.number} · Purchase orders` : "Purchase order" };
}

export default async function OrderDesk({ params }: Props) {
  const { organization, order: name } = await params;
  const { ctx, organizationId, order, agreements = [] } = await seen(organization, name);
  if (!organizationId) return <NoDesk />;
  if (!order) {
    const customer = { id: organizationId, name: "this customer" };
    return (
      <Page width="form">
        <PageHeader title="Purchase order" action={back} />
        <LookGate customer={customer} what="This order belongs to a customer." open={look} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title={`Order ${order.number} of ${order.organizationName}`} action={back} />
      <Card
        title="Order"
        aside={<OrderPhaseBadge order={order} now={ctx.now} />}
        footer={<Steps order={order} agreements={agreements} />}
      >
        <DefinitionList rows={factsOf(order)} />
      </Card>
      <Card title="What it states">
        <DefinitionList
          rows={Object.entries(order.terms).map(([key, value]) => ({
            term: describe(key)?.words ?? key,
            value: valueWords(key, value),
          }))}
        />
      </Card>
    </Page>
  );
}

const factsOf = (order: DeskOrder) => [
  { term: "Signed", value: <Time at={order.signedAt} form="date" /> },
  { term: "Applies (UTC)", value: periodWords(order) },
  {
    term: "Master agreement",
    value: order.agreementId ? (
      <TextLink href={`/staff/orders/${order.organizationId}/agreements/${order.agreementId}/file`}>
        {order.agreementNumber}
      </TextLink>
    ) : (
      "None"
    ),
  },
  { term: "Rank", value: order.position ?? "None" },
  { term: "Written by", value: order.author },
  { term: "Approved by", value: order.approvers.join(", ") || "No one yet" },
  { term: "Note", value: order.note ?? "None" },
  {
    term: "Signed order",
    value: order.fileSha256 ? (
      <TextLink href={`/staff/orders/${order.organizationId}/${order.id}/file`}>{order.fileName}</TextLink>
    ) : (
      "No file"
    ),
  },
];

/** What can be done with an order as it stands. */
function Steps({ order, agreements }: { order: DeskOrder; agreements: readonly DeskAgreement[] }) {
  const hidden = { organizationId: order.organizationId, id: order.id };
  if (order.state === "withdrawn" || order.state === "superseded") return null;
  return (
    <div className="flex flex-wrap gap-2">
      <FormDialog
        trigger="Withdraw…"
        title="Withdraw this order"
        submit="Withdraw order"
        hidden={hidden}
        action={withdraw}
      >
        <FormTextarea label="Reason" name="reason" rows={3} help="The customer reads it." />
      </FormDialog>
      <FormDialog
        trigger="Rank…"
        title="Rank among orders that state the same"
        submit="Save rank"
        hidden={hidden}
        action={place}
      >
        <FormText label="Rank" name="position" inputMode="numeric" defaultValue={order.position ?? undefined} />
      </FormDialog>
      {order.state === "active" ? (
        <FormDialog trigger="Amend…" title="Draft an amendment" submit="Draft amendment" hidden={hidden} action={amend}>
          <FormText label="Number" name="number" defaultValue={`${order.number}-A1`} />
        </FormDialog>
      ) : (
        <>
          <FormDialog
            trigger="Change…"
            title="Change the draft"
            submit="Save draft"
            size="wide"
            hidden={hidden}
            action={change}
          >
            <OrderFields
              order={order}
              agreements={agreements
                .filter(({ organizationId }) => organizationId === order.organizationId)
                .map(({ id, number }) => ({ value: id, label: number }))}
            />
          </FormDialog>
          <ConfirmDialog
            trigger="Approve…"
            triggerLook={{ emphasis: "primary" }}
            title={`Approve order ${order.number}`}
            confirm="Approve order"
            tone="normal"
            action={approve}
          >
            <input type="hidden" name="organizationId" value={order.organizationId} />
            <input type="hidden" name="id" value={order.id} />
            <p className="text-ui">
              {order.approvers.length === 0
                ? "One more person has to approve it after you."
                : "It is in force from its first day on, for the next request, and cannot be changed any more."}
            </p>
          </ConfirmDialog>
        </>
      )}
    </div>
  );
}
