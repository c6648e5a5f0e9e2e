import { ClockWords } from "#components/help/clock-words.tsx";
import { detailRows } from "#components/help/ticket-facts.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { dueOf } from "#lib/domain/help/desk/rules.ts";
import type { DeskTicket } from "#lib/domain/help/desk/view.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { isOver, numberWords } from "#lib/domain/help/rules.ts";

const deskWords = {
  support: "Support",
  billing: "Billing",
  models: "Models",
  trust: "Trust",
  legal: "Legal",
} as const;
const planWords = { free: "Free", paid: "Paid", order: "Order" } as const;

/** Everything staff see of a ticket beside its thread. */
export const DeskFacts = ({ ticket, now }: { ticket: DeskTicket; now: Date }) => {
  const { clause, desk } = kindOf(ticket.kind);
  return (
    <DefinitionList
      rows={[
        { term: "Customer", value: `${ticket.organizationName} (${planWords[ticket.plan]})` },
        { term: "Opened by", value: ticket.guestEmail ? `Guest (${ticket.guestEmail})` : ticket.requesterName },
        { term: "Opened", value: <Time at={ticket.createdAt} form="instant" /> },
        {
          term: "Due",
          value: (
            <ClockWords dueAt={dueOf(ticket)} legalDueAt={ticket.legalDueAt} isOver={isOver(ticket.state)} now={now} />
          ),
        },
        { term: "First answer due", value: <Time at={ticket.firstDueAt} form="instant" /> },
        ...(ticket.firstAnsweredAt
          ? [{ term: "First answer", value: <Time at={ticket.firstAnsweredAt} form="instant" /> }]
          : []),
        ...(clause ? [{ term: "Clause", value: clause }] : []),
        { term: "Desk", value: deskWords[desk] },
        ...detailRows(ticket.kind, ticket.details),
        ...(ticket.record ? [{ term: ticket.record.title, value: ticket.record.words }] : []),
        ...(ticket.followsId && ticket.followsNumber
          ? [
              {
                term: "Follows",
                value: (
                  <TextLink href={`/staff/tickets/${ticket.followsId}`}>{numberWords(ticket.followsNumber)}</TextLink>
                ),
              },
            ]
          : []),
        ...(ticket.reopened > 0 ? [{ term: "Opened again", value: String(ticket.reopened) }] : []),
        ...(ticket.snoozedUntil
          ? [{ term: "Put off until", value: <Time at={ticket.snoozedUntil} form="instant" /> }]
          : []),
        ...(ticket.rating
          ? [
              {
                term: "Rating",
                value: [ticket.rating.isGood ? "It helped" : "It did not help", ticket.rating.words]
                  .filter(Boolean)
                  .join(": "),
              },
            ]
          : []),
      ]}
    />
  );
};
