import { Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { ClockWords } from "#components/help/clock-words.tsx";
import { kindChoices } from "#components/help/ticket-list.tsx";
import { TicketBadge } from "#components/help/ticket-state.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QueueFilter } from "#lib/domain/help/desk/input.ts";
import { dueOf, queueShows, showWords } from "#lib/domain/help/desk/rules.ts";
import type { QueueRow } from "#lib/domain/help/desk/view.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { isOver, numberWords } from "#lib/domain/help/rules.ts";

const shows = queueShows.filter((show) => show !== "todo").map((show) => ({ value: show, label: showWords[show] }));

type Props = { tickets: readonly QueueRow[]; range: ListRange; asked: QueueFilter; now: Date; empty: ReactNode };

/** Every customer's tickets, what is most urgent first. */
export const QueueList = ({ tickets, range, asked, now, empty }: Props) => (
  <List
    base="/staff"
    asked={asked}
    order="due"
    noun={{ one: "ticket", many: "tickets" }}
    icon={Inbox}
    columns={[
      { key: "subject", label: "Subject" },
      { key: "customer", label: "Customer" },
      { key: "kind", label: "Kind" },
      { key: "state", label: "Status" },
      { key: "due", label: "Due", sorts: "due" },
      { key: "claim", label: "Claimed by" },
      { key: "opened", label: "Opened", sorts: "-opened" },
    ]}
    range={range}
    search="Number, customer or words"
    filters={
      <>
        <FilterChoice name="show" label="Show" all="To do" options={shows} value={asked.show} />
        <FilterChoice name="kind" label="Kind" all="All kinds" options={kindChoices} value={asked.kind} />
      </>
    }
    isPart
    empty={empty}
  >
    {tickets.map((ticket) => (
      <Row key={ticket.id}>
        <HeadCell>
          <TextLink href={`/staff/tickets/${ticket.id}`} look="row">
            {ticket.subject}
          </TextLink>
          <span className="block text-meta font-normal text-text-faint">{numberWords(ticket.number)}</span>
        </HeadCell>
        <Cell label="Customer" wrap>
          {ticket.organizationName}
        </Cell>
        <Cell label="Kind" wrap>
          {kindOf(ticket.kind).title}
        </Cell>
        <Cell label="Status">
          {ticket.snoozedUntil && ticket.snoozedUntil > now ? (
            <Badge>Put off</Badge>
          ) : (
            <TicketBadge isDesk state={ticket.state} />
          )}
        </Cell>
        <Cell label="Due" wrap>
          <ClockWords dueAt={dueOf(ticket)} legalDueAt={ticket.legalDueAt} isOver={isOver(ticket.state)} now={now} />
        </Cell>
        <Cell label="Claimed by" wrap>
          {ticket.claimedUntil && ticket.claimedUntil > now ? ticket.claimedName : "–"}
        </Cell>
        <Cell label="Opened">
          <Time at={ticket.createdAt} now={now} />
        </Cell>
      </Row>
    ))}
  </List>
);
