import { ButtonForm } from "#components/ui/button-form.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DeskTicket } from "#lib/domain/help/desk/view.ts";
import { isOver, numberWords } from "#lib/domain/help/rules.ts";
import { KeyPlace } from "./key-place.tsx";

type Props = {
  ticket: DeskTicket;
  /** Whether this person has claimed it. */
  isMine: boolean;
  acts: Record<"claim" | "release" | "note" | "snooze" | "settle", Action<void>>;
};

/** What staff can do with a ticket beside answering it. */
export function TicketActions({ ticket, isMine, acts }: Props) {
  const { id: ticketId, number } = ticket;
  const values = { ticketId };
  const canChange = !isOver(ticket.state) && !ticket.isClaimedByOther;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {canChange ? (
        <KeyPlace name="c">
          <ButtonForm
            button={isMine ? "Give back" : "Claim"}
            values={values}
            act={isMine ? acts.release : acts.claim}
          />
        </KeyPlace>
      ) : null}
      <KeyPlace name="n">
        <FormDialog
          trigger="Note…"
          triggerLook={{ size: "small" }}
          title={`Note on ${numberWords(number)}`}
          description="For colleagues. No customer can read it."
          submit="Keep note"
          hidden={values}
          action={acts.note}
        >
          <FormTextarea label="Note" name="body" rows={4} maxLength={20_000} />
        </FormDialog>
      </KeyPlace>
      {canChange ? <PutOff ticket={ticket} snooze={acts.snooze} /> : null}
      {canChange && (ticket.record?.isDecided ?? true) ? (
        <KeyPlace name="e">
          <ButtonForm button="Resolve" values={values} act={acts.settle} />
        </KeyPlace>
      ) : null}
    </div>
  );
}

const PutOff = ({
  ticket: { id: ticketId, number, snoozedUntil },
  snooze,
}: {
  ticket: DeskTicket;
  snooze: Action<void>;
}) => (
  <>
    <KeyPlace name="s">
      <FormDialog
        trigger={snoozedUntil ? "Change date…" : "Put off…"}
        triggerLook={{ size: "small" }}
        title={`Put ${numberWords(number)} off`}
        description="It leaves the queue until then, or until the customer writes. Its clocks go on."
        submit="Put off"
        hidden={{ ticketId }}
        action={snooze}
      >
        <FormText label="Until (UTC)" name="until" help="A day, or a minute as 2026-11-30T10:00." />
      </FormDialog>
    </KeyPlace>
    {snoozedUntil ? <ButtonForm button="Bring back" values={{ ticketId, until: "" }} act={snooze} /> : null}
  </>
);
