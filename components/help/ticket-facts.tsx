import { type Definition, DefinitionList } from "#components/ui/definition-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect } from "#components/ui/form-fields.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { dueOf } from "#lib/domain/help/desk/rules.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { isOver } from "#lib/domain/help/rules.ts";
import type { TicketDetail } from "#lib/domain/help/view.ts";
import { ClockWords } from "./clock-words.tsx";

/** The answers to the questions of a ticket's kind. */
export const detailRows = (kind: string, details: Readonly<Record<string, string>>): Definition[] =>
  Object.entries(kindOf(kind).fields).flatMap(([name, { label, choices }]) => {
    const answer = details[name];
    return answer === undefined ? [] : [{ term: label, value: choices?.[answer] ?? answer }];
  });

type Props = { ticket: TicketDetail; base: string; now: Date };

/** Everything about a ticket but what was written: its clocks are both sides' to see. */
export const TicketFacts = ({ ticket, base, now }: Props) => (
  <DefinitionList
    rows={[
      { term: "Opened by", value: ticket.requesterName },
      { term: "Opened", value: <Time at={ticket.createdAt} form="instant" /> },
      {
        term: "Next from us",
        value: (
          <ClockWords dueAt={dueOf(ticket)} legalDueAt={ticket.legalDueAt} isOver={isOver(ticket.state)} now={now} />
        ),
      },
      ...(ticket.firstAnsweredAt
        ? [{ term: "First answer", value: <Time at={ticket.firstAnsweredAt} form="instant" /> }]
        : []),
      ...detailRows(ticket.kind, ticket.details),
      ...(ticket.record
        ? [
            {
              term: ticket.record.title,
              value: <TextLink href={`${base}/${ticket.record.path}`}>{ticket.record.words}</TextLink>,
            },
            ...(ticket.record.more
              ? [
                  {
                    term: "To look into it",
                    value: <TextLink href={`${base}/${ticket.record.more.path}`}>{ticket.record.more.words}</TextLink>,
                  },
                ]
              : []),
          ]
        : []),
      ...(ticket.followsId
        ? [{ term: "Follows", value: <TextLink href={`${base}/help/${ticket.followsId}`}>An earlier ticket</TextLink> }]
        : []),
      {
        term: "Who sees it",
        value: ["Who opened it", "organization admins", ...ticket.people.map(({ name }) => name)].join(", "),
      },
    ]}
  />
);

type AddProps = { ticketId: string; people: readonly { id: string; name: string }[]; add: Action<void> };

export const AddPerson = ({ ticketId, people, add }: AddProps) => (
  <FormDialog
    trigger="Add a person…"
    triggerLook={{ size: "small" }}
    title="Let another member see this ticket"
    description="They read all of it, can write on it, and get its e-mails."
    submit="Add person"
    hidden={{ ticketId }}
    action={add}
  >
    <FormSelect label="Member" name="userId" options={people.map(({ id, name }) => ({ value: id, label: name }))} />
  </FormDialog>
);
