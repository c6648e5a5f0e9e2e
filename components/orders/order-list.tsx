import { FileSignature } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterChoice, FilterField } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { OrderFilter } from "#lib/domain/orders/input.ts";
import { orderOrder, orderPhases } from "#lib/domain/orders/rules.ts";
import type { ListedOrder } from "#lib/domain/orders/view.ts";
import { OrderPhaseBadge, periodWords, phaseWords } from "./order-words.tsx";

const columns = [
  { key: "number", label: "Number", sorts: "number" },
  { key: "customer", label: "Customer", sorts: "customer" },
  { key: "state", label: "State", sorts: "-state" },
  { key: "period", label: "Period (UTC)" },
  { key: "author", label: "Written by" },
  { key: "do", label: "Look", quiet: true },
] as const;

const phases = orderPhases.map((value) => ({ value, label: phaseWords(value) }));

type Props = {
  orders: readonly ListedOrder[];
  range: ListRange;
  asked: OrderFilter;
  base: string;
  now: Date;
  /** What opens an order of a customer no one has given a reason to look at. */
  gate: (order: ListedOrder) => ReactNode;
};

/** All orders of all customers, what waits for people first. */
export const OrderList = ({ orders, range, asked, base, now, gate }: Props) => (
  <List
    base={base}
    asked={asked}
    order={orderOrder}
    noun={{ one: "order", many: "orders" }}
    caption="Purchase orders"
    icon={FileSignature}
    columns={columns}
    range={range}
    search="Number or customer"
    filters={
      <>
        <FilterChoice name="state" label="State" all="Any state" options={phases} value={asked.state} />
        <FilterField name="customer" label="Customer" word="Customer" value={asked.customer} maxLength={100} />
      </>
    }
    empty={
      <EmptyState icon={FileSignature} title="No purchase orders yet">
        Once you have said why you look at a customer, you can write down what it signed.
      </EmptyState>
    }
  >
    {orders.map((order) => (
      <Row key={order.id}>
        <HeadCell>
          {order.isHidden ? (
            order.number
          ) : (
            <TextLink look="row" href={`${base}/${order.organizationId}/${order.id}`}>
              {order.number}
            </TextLink>
          )}
        </HeadCell>
        <Cell label="Customer" wrap>
          {order.organizationName}
        </Cell>
        <Cell label="State">
          <OrderPhaseBadge order={order} now={now} />
          {order.state === "draft" ? ` ${order.approvers.length} of 2 approvals` : null}
        </Cell>
        <Cell label="Period (UTC)" wrap>
          {periodWords(order)}
        </Cell>
        <Cell label="Written by">{order.author}</Cell>
        <Cell align="right">{order.isHidden ? gate(order) : null}</Cell>
      </Row>
    ))}
  </List>
);
