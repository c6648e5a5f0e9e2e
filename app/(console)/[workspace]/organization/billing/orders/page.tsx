import { FileSignature } from "lucide-react";
import { BillingTabs } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { OrderPhaseBadge, periodWords } from "#components/orders/order-words.tsx";
import { TermChanges } from "#components/orders/term-changes.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { contractWithPrices } from "#lib/domain/contract/values/queries.ts";
import { ordersOf } from "#lib/domain/orders/queries.ts";
import { changesOf } from "#lib/domain/orders/rules.ts";

const orders = page({
  can: "orders.read",
  title: "Purchase orders",
  description: "What you have ordered and what it changes. An order goes before the terms of service (T-2-PREC).",
  load: async (ctx) => {
    const [orders, facts] = await Promise.all([ordersOf(ctx), contractWithPrices(ctx)]);
    return orders.map((order) => ({ order, changes: changesOf(facts, order) }));
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="orders" /> }),
  view: (orders, ctx) =>
    orders.length === 0 ? (
      <EmptyState icon={FileSignature} title="No purchase orders">
        The terms of service and your plan hold. Ask us for an offer if you need other terms.
      </EmptyState>
    ) : (
      orders.map(({ order, changes }) => (
        <Card
          key={order.id}
          id={order.id}
          flush
          title={`Purchase order ${order.number}`}
          description={`Holds ${periodWords(order)} (UTC).`}
          aside={<OrderPhaseBadge order={order} now={ctx.now} />}
          {...(order.fileSha256 && {
            footer: (
              <TextLink href={`/${ctx.workspaceId}/organization/billing/orders/${order.id}/file`}>
                Signed order
              </TextLink>
            ),
          })}
        >
          <TermChanges changes={changes} number={order.number} />
        </Card>
      ))
    ),
});

export const { generateMetadata } = orders;
export default orders.default;
