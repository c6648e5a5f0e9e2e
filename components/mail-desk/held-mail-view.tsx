import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect } from "#components/ui/form-fields.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { HeldMailDetail } from "#lib/domain/help/mail/view.ts";
import { numberWords } from "#lib/domain/help/rules.ts";
import { reasonWords } from "./held-mail-list.tsx";

type Props = { mail: HeldMailDetail; take: Action<void>; discard: Action<void>; now: Date };

/** A letter that waits: what it says, and what becomes of it. */
export const HeldMailView = ({ mail, take, discard, now }: Props) => (
  <>
    <Card title="Where it came from">
      <DefinitionList
        rows={[
          { term: "From", value: mail.sender || "Nobody" },
          { term: "Why it waits", value: reasonWords(mail.reason) },
          { term: "Ticket", value: <TicketOf mail={mail} /> },
          { term: "Files", value: mail.files === 0 ? "None" : `${mail.files}, not kept` },
          { term: "Received", value: <Time at={mail.receivedAt} now={now} /> },
        ]}
      />
    </Card>
    <Card
      title="What it says"
      footer={
        <span className="flex flex-wrap gap-2">
          <ConfirmDialog trigger="Discard…" title="Discard this letter" confirm="Discard letter" action={discard}>
            <input type="hidden" name="id" value={mail.id} />
            <p className="text-ui">Nobody is told, and it cannot be brought back.</p>
          </ConfirmDialog>
          {mail.participants.length > 0 ? <Take mail={mail} take={take} /> : null}
        </span>
      }
    >
      <p className="text-body break-words whitespace-pre-wrap">{mail.text || "Nothing."}</p>
    </Card>
  </>
);

const TicketOf = ({ mail }: { mail: HeldMailDetail }) =>
  mail.ticketNumber === null || mail.ticketId === null ? (
    "None"
  ) : (
    <TextLink href={`/staff/tickets/${mail.ticketId}`}>
      {numberWords(mail.ticketNumber)}, {mail.organizationName}
    </TextLink>
  );

const Take = ({ mail, take }: Pick<Props, "mail" | "take">) => (
  <FormDialog
    trigger="Add to its ticket…"
    triggerLook={{ emphasis: "primary" }}
    title="Add this letter to its ticket"
    description="It becomes a message of this person. Be sure that it is from them."
    submit="Add message"
    hidden={{ id: mail.id }}
    action={take}
  >
    <FormSelect
      label="Written by"
      name="userId"
      options={mail.participants.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
    />
  </FormDialog>
);
