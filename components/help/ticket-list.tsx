import { LifeBuoy } from "lucide-react";
import type { ReactNode } from "react";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { dueOf } from "#lib/domain/help/desk/rules.ts";
import type { TicketFilter } from "#lib/domain/help/input.ts";
import { kindOf, kinds } from "#lib/domain/help/kinds/rules.ts";
import { isOver, numberWords, stateWords, ticketOrder } from "#lib/domain/help/rules.ts";
import type { TicketRow } from "#lib/domain/help/view.ts";
import { ClockWords } from "./clock-words.tsx";
import { TicketBadge } from "./ticket-state.tsx";

const states = Object.entries(stateWords).map(([value, label]) => ({ value, label }));
export const kindChoices = Object.entries(kinds).map(([value, { title }]) => ({ value, label: title }));

type Props = {
  tickets: readonly TicketRow[];
  range: ListRange;
  asked: TicketFilter;
  base: string;
  now: Date;
  empty: ReactNode;
};

/** The tickets a customer sees. */
export const TicketList = ({ tickets, range, asked, base, now, empty }: Props) => (
  <List
    base={base}
    asked={asked}
    order={ticketOrder}
    noun={{ one: "ticket", many: "tickets" }}
    icon={LifeBuoy}
    columns={[
      { key: "subject", label: "Subject" },
      { key: "kind", label: "Kind" },
      { key: "state", label: "Status" },
      { key: "due", label: "Next from us" },
      { key: "who", label: "Opened by" },
      { key: "changed", label: "Last change", sorts: "-changed" },
    ]}
    range={range}
    search="Number, subject or whole words"
    filters={
      <>
        <FilterChoice name="state" label="Status" all="Any status" options={states} value={asked.state} />
        <FilterChoice name="kind" label="Kind" all="All kinds" options={kindChoices} value={asked.kind} />
      </>
    }
    empty={empty}
  >
    {tickets.map((ticket) => (
      <Row key={ticket.id}>
        <HeadCell>
          <TextLink href={`${base}/${ticket.id}`} look="row">
            {ticket.subject}
          </TextLink>
          <span className="block text-meta font-normal text-text-faint">{numberWords(ticket.number)}</span>
        </HeadCell>
        <Cell label="Kind" wrap>
          {kindOf(ticket.kind).title}
        </Cell>
        <Cell label="Status">
          <TicketBadge state={ticket.state} />
        </Cell>
        <Cell label="Next from us" wrap>
          <ClockWords dueAt={dueOf(ticket)} legalDueAt={ticket.legalDueAt} isOver={isOver(ticket.state)} now={now} />
        </Cell>
        <Cell label="Opened by" wrap>
          {ticket.requesterName}
        </Cell>
        <Cell label="Last change">
          <Time at={ticket.changedAt} now={now} />
        </Cell>
      </Row>
    ))}
  </List>
);
