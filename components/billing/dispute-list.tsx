import { MessageSquareWarning } from "lucide-react";
import type { ReactNode } from "react";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, NumberCells, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import type { DisputeFilter } from "#lib/domain/billing/disputes/input.ts";
import { disputeOrder, disputeWords } from "#lib/domain/billing/disputes/rules.ts";
import type { ListedDispute } from "#lib/domain/billing/disputes/view.ts";
import { DisputeBadge } from "./dispute-state.tsx";

const states = Object.entries(disputeWords).map(([value, label]) => ({ value, label }));

type Props = {
  disputes: readonly ListedDispute[];
  range: ListRange;
  asked: DisputeFilter;
  base: string;
  hrefOf: (dispute: ListedDispute) => string;
  /** At the desk, disputes are of many customers. */
  isDesk?: boolean;
  now: Date;
  empty: ReactNode;
};

/** Objections to invoices, what waits for a decision first. */
export const DisputeList = ({ disputes, range, asked, base, hrefOf, isDesk = false, now, empty }: Props) => (
  <List
    base={base}
    asked={asked}
    order={disputeOrder}
    noun={{ one: "dispute", many: "disputes" }}
    icon={MessageSquareWarning}
    columns={[
      { key: "invoice", label: "Invoice" },
      ...(isDesk ? [{ key: "customer", label: "Customer" }] : []),
      { key: "state", label: "Status", sorts: "state" },
      { key: "opened", label: "Opened", sorts: "-opened" },
      { key: "amount", label: "Disputed", align: "right", sorts: "-amount" },
      { key: "credited", label: "Given back", align: "right" },
    ]}
    range={range}
    search={isDesk ? "Invoice or customer" : "Invoice"}
    filters={<FilterChoice name="state" label="Status" all="Any status" options={states} value={asked.state} />}
    empty={empty}
  >
    {disputes.map((dispute) => (
      <Row key={dispute.id}>
        <HeadCell>
          <TextLink href={hrefOf(dispute)} look="row">
            {dispute.number}
          </TextLink>
        </HeadCell>
        {isDesk ? (
          <Cell label="Customer" wrap>
            {dispute.organizationName}
          </Cell>
        ) : null}
        <Cell label="Status">
          <DisputeBadge state={dispute.state} />
        </Cell>
        <Cell label="Opened">
          <Time at={dispute.openedAt} now={now} />
        </Cell>
        <NumberCells
          values={{
            Disputed: formatCents(dispute.amountCents),
            "Given back": dispute.creditedCents > 0n ? formatCents(dispute.creditedCents) : "–",
          }}
        />
      </Row>
    ))}
  </List>
);
