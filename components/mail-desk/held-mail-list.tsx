import { MailQuestionMark } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { HeldMailFilter } from "#lib/domain/help/mail/input.ts";
import { heldReasons } from "#lib/domain/help/mail/rules.ts";
import type { HeldMail } from "#lib/domain/help/mail/view.ts";
import { numberWords } from "#lib/domain/help/rules.ts";

export const reasonWords = (reason: string | null): string => heldReasons[reason as keyof typeof heldReasons] ?? "";

type Props = {
  mail: readonly HeldMail[];
  range: ListRange;
  asked: HeldMailFilter;
  /** Whether mail comes in at all. */
  isOn: boolean;
  now: Date;
};

/** E-mail that waits for staff, the latest first. */
export const HeldMailList = ({ mail, range, asked, isOn, now }: Props) => (
  <List
    base="/staff/mail"
    asked={asked}
    order="-received"
    noun={{ one: "letter", many: "letters" }}
    icon={MailQuestionMark}
    columns={[
      { key: "subject", label: "Subject" },
      { key: "sender", label: "From" },
      { key: "ticket", label: "Ticket" },
      { key: "reason", label: "Why it waits" },
      { key: "received", label: "Received", sorts: "-received" },
    ]}
    range={range}
    search="Sender or subject"
    empty={
      <EmptyState icon={MailQuestionMark} title="No mail waits">
        {isOn
          ? "E-mail whose sender or ticket is not certain appears here."
          : "No e-mail comes in here: MAIL_REPLY_DOMAIN is not set, so customers answer on the page of their ticket."}
      </EmptyState>
    }
  >
    {mail.map((one) => (
      <Row key={one.id}>
        <HeadCell>
          <TextLink href={`/staff/mail/${one.id}`} look="row">
            {one.subject}
          </TextLink>
        </HeadCell>
        <Cell label="From" wrap>
          {one.sender || "Nobody"}
        </Cell>
        <Cell label="Ticket" wrap>
          {one.ticketNumber === null ? "–" : `${numberWords(one.ticketNumber)}, ${one.organizationName}`}
        </Cell>
        <Cell label="Why it waits" wrap>
          {reasonWords(one.reason)}
        </Cell>
        <Cell label="Received">
          <Time at={one.receivedAt} now={now} />
        </Cell>
      </Row>
    ))}
  </List>
);
