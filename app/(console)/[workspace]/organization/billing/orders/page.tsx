import { FileSignature } from "lucide-react";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { AgreementList } from "#components/orders/agreement-list.tsx";
import { OrderPhaseBadge, periodWords } from "#components/orders/order-words.tsx";
import { TermChanges } from "#components/orders/term-changes.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { env } from "#lib/core/env.ts";
import { contractWithPrices } from "#lib/domain/contract/values/queries.ts";
import { agreementsOf } from "#lib/domain/orders/agreements/queries.ts";
import { ordersOf } from "#lib/domain/orders/queries.ts";
import { changesOf } from "#lib/domain/orders/rules.ts";

const orders = page({
  can: "orders.read",
  title: "Purchase orders",
  description: "What you have ordered and what it changes. An order goes before the terms of service (T-2-PREC).",
  load: async (ctx) => {
    const [orders, facts, agreements] = await Promise.all([ordersOf(ctx), contractWithPrices(ctx), agreementsOf(ctx)]);
    return { orders: orders.map((order) => ({ order, changes: changesOf(facts, order) })), agreements };
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="orders" /> }),
  view: ({ orders, agreements }, ctx) => (
    <>
      {orders.length === 0 ? (
        <EmptyState icon={FileSignature} title="No purchase orders yet">
          The terms of service and your plan apply. Write to {env().SUPPORT_EMAIL} for an offer if you need other terms.
        </EmptyState>
      ) : (
        orders.map(({ order, changes }) => (
          <Card
            key={order.id}
            id={order.id}
            flush
            title={`Purchase order ${order.number}`}
            description={`${order.agreementNumber ? `Under master agreement ${order.agreementNumber}. ` : ""}Applies ${periodWords(order)} (UTC).`}
            aside={<OrderPhaseBadge order={order} now={ctx.now} />}
            {...(order.fileSha256 && {
              footer: <TextLink href={`${billingBase(ctx)}/orders/${order.id}/file`}>Signed order</TextLink>,
            })}
          >
            <TermChanges changes={changes} number={order.number} />
          </Card>
        ))
      )}
      {agreements.length > 0 ? (
        <AgreementList
          agreements={agreements}
          description="What was signed before your orders, as the document. Orders and the terms of service go before it (T-2-PREC)."
          fileOf={({ id }) => `${billingBase(ctx)}/agreements/${id}/file`}
        />
      ) : null}
    </>
  ),
});

export const { generateMetadata } = orders;
export default orders.default;
