import type { ReactNode } from "react";
import { TicketBadge } from "#components/help/ticket-state.tsx";
import { LetterState } from "#components/notices/letter-state.tsx";
import { planTitles } from "#components/rates/plan-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { startOfDay } from "#lib/core/clock.ts";
import type { CustomerOverview } from "#lib/domain/customers/view.ts";
import { numberWords } from "#lib/domain/help/rules.ts";
import { monthWords } from "#lib/domain/limits/rules.ts";
import { type LookReason, lookReasons } from "#lib/domain/staff/access/rules.ts";
import { typeTitles } from "./correct-type.tsx";

type Props = { customer: CustomerOverview; now: Date };
type CardsProps = Props & {
  /** What corrects the type, for those who may. */
  type: ((now: CustomerOverview["customerType"]) => ReactNode) | null;
};

/** Who the customer is, and what is going on with them. */
export const CustomerCards = ({ customer, now, type }: CardsProps) => (
  <>
    <WaitingCard customer={customer} />
    <Card title="Customer" aside={type?.(customer.customerType)}>
      <DefinitionList
        rows={[
          { term: "Plan", value: planTitles[customer.plan] },
          { term: "Customer type", value: typeTitles[customer.customerType] },
          { term: "Registration contact", value: customer.registrationEmail },
          { term: "Domains", value: customer.domains.length > 0 ? customer.domains.join(", ") : "None" },
          { term: "First request", value: moment(customer.firstUseAt, now, "None yet") },
          { term: "Zero retention", value: moment(customer.zeroRetentionSince, now, "Not in force for all of it") },
          ...customer.counts.map(({ label, count }) => ({ term: label, value: count })),
        ]}
      />
    </Card>
    <Card title="Spend" description="Settled, by month (UTC).">
      <DefinitionList
        rows={[
          { term: "Monthly limit", value: customer.limit === null ? "None" : <Sum pico={customer.limit} /> },
          ...customer.spend.map(({ month, pico }) => ({
            term: monthWords(startOfDay(month)),
            value: <Sum pico={pico} />,
          })),
        ]}
      />
    </Card>
    <TicketCard customer={customer} now={now} />
    <LetterCard customer={customer} now={now} />
    <LookCard customer={customer} now={now} />
  </>
);

const moment = (at: Date | null, now: Date, none: string): ReactNode =>
  at ? <Time at={at} form="date" now={now} /> : none;

const WaitingCard = ({ customer: { waiting } }: Pick<Props, "customer">) =>
  waiting.length === 0 ? null : (
    <Card title="Waits for us">
      <DefinitionList
        rows={waiting.map(({ label, href, count }) => ({
          term: label,
          value: <TextLink href={href}>{count} at the desk</TextLink>,
        }))}
      />
    </Card>
  );

function TicketCard({ customer: { tickets }, now }: Props) {
  if (tickets.length === 0) return null;
  const columns = [
    { key: "subject", label: "Subject" },
    { key: "state", label: "Status" },
    { key: "opened", label: "Opened" },
  ] as const;
  return (
    <Card flush title="Open tickets">
      <Table caption="Open tickets" columns={columns}>
        {tickets.map(({ id, number, subject, state, createdAt }) => (
          <Row key={id}>
            <HeadCell>
              <TextLink href={`/staff/tickets/${id}`} look="row">
                {numberWords(number)} {subject}
              </TextLink>
            </HeadCell>
            <Cell label="Status">
              <TicketBadge isDesk state={state} />
            </Cell>
            <Cell label="Opened">
              <Time at={createdAt} now={now} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}

function LetterCard({ customer: { letters }, now }: Props) {
  const columns = [
    { key: "subject", label: "Subject" },
    { key: "state", label: "Delivery" },
    { key: "at", label: "Written" },
  ] as const;
  return letters.length === 0 ? null : (
    <Card flush title="Last e-mails">
      <Table caption="Last e-mails" columns={columns}>
        {letters.map((letter) => (
          <Row key={letter.id}>
            <HeadCell>
              <TextLink href={`/staff/notices/${letter.id}`} look="row">
                {letter.subject}
              </TextLink>
            </HeadCell>
            <Cell label="Delivery">
              <LetterState state={letter.state} />
            </Cell>
            <Cell label="Written">
              <Time at={letter.createdAt} now={now} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}

const LookCard = ({ customer: { looks }, now }: Props) => (
  <Card title="Who of us looked" description="The customer reads the same in their audit log.">
    <DefinitionList
      rows={looks.map(({ staffName, reason, words, openedAt }) => ({
        term: staffName,
        value: (
          <>
            {lookReasons[reason as LookReason]}: {words}{" "}
            <span className="text-text-faint">
              · <Time at={openedAt} now={now} />
            </span>
          </>
        ),
      }))}
    />
  </Card>
);
