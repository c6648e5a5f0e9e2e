import { Building2 } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { CustomerFilter } from "#lib/domain/customers/input.ts";
import { customerStates, stateWords } from "#lib/domain/customers/rules.ts";
import type { CustomerRow } from "#lib/domain/customers/view.ts";
import { CustomerBadge } from "./customer-badge.tsx";

type Props = { customers: readonly CustomerRow[]; range: ListRange; asked: CustomerFilter; now: Date };

/** Every customer by name; the rest is behind a reason. */
export const CustomerList = ({ customers, range, asked, now }: Props) => (
  <List
    base="/staff/customers"
    asked={asked}
    order="name"
    noun={{ one: "customer", many: "customers" }}
    icon={Building2}
    columns={[
      { key: "name", label: "Customer", sorts: "name" },
      { key: "state", label: "State" },
      { key: "id", label: "Organization id" },
      { key: "since", label: "Since", sorts: "-since" },
    ]}
    range={range}
    search="Name, domain, contact or id"
    filters={
      <FilterChoice
        name="state"
        label="State"
        all="Any state"
        options={customerStates.map((value) => ({ value, label: stateWords[value] }))}
        value={asked.state}
      />
    }
    empty={
      <EmptyState icon={Building2} title="No customers yet">
        Organizations appear here as soon as somebody signs up.
      </EmptyState>
    }
  >
    {customers.map(({ id, name, state, createdAt }) => (
      <Row key={id} faded={state === "deleted"}>
        <HeadCell>
          <TextLink href={`/staff/customers/${id}`} look="row">
            {name}
          </TextLink>
        </HeadCell>
        <Cell label="State">
          <CustomerBadge state={state} />
        </Cell>
        <Cell label="Organization id" wrap>
          <code className="font-mono text-mono break-all">{id}</code>
        </Cell>
        <Cell label="Since">
          <Time at={createdAt} form="date" now={now} />
        </Cell>
      </Row>
    ))}
  </List>
);
