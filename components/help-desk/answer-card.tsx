import { ThreadForm } from "#components/help/thread-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormSelect } from "#components/ui/form-fields.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { filledIn } from "#lib/domain/help/desk/rules.ts";
import type { DeskTicket } from "#lib/domain/help/desk/view.ts";
import type { Macro } from "#lib/domain/help/macros/view.ts";
import { numberWords } from "#lib/domain/help/rules.ts";
import { KeyPlace } from "./key-place.tsx";

type Props = {
  ticket: DeskTicket;
  staffName: string;
  macros: readonly Macro[];
  /** The one that is used, by the page's address. */
  macro: Macro | undefined;
  answer: Action<void>;
};

const afterwards = [
  { value: "waiting", label: "Wait for the customer" },
  { value: "resolved", label: "Resolved" },
];

/** An answer to the customer, begun from a macro where one is chosen. */
export function AnswerCard({ ticket, staffName, macros, macro, answer }: Props) {
  const fields = {
    name: ticket.requesterName,
    number: numberWords(ticket.number),
    subject: ticket.subject,
    staff: staffName,
  };
  const isResolvable = ticket.record?.isDecided ?? true;
  return (
    <Card
      title="Answer"
      description="The customer is told by e-mail that there is an answer, and reads it on the page."
    >
      <div className="flex flex-col gap-4">
        {macros.length > 0 ? <MacroChoice macros={macros} chosen={macro?.id} /> : null}
        {macro?.note ? <p className="text-ui text-text-soft">For you: {macro.note}</p> : null}
        <KeyPlace name="r">
          <ThreadForm
            key={macro ? `${macro.id}-${macro.version}` : "own"}
            action={answer}
            hidden={{ ticketId: ticket.id }}
            label="Answer"
            submit="Send answer"
            upload={`/staff/tickets/${ticket.id}/files`}
            {...(macro && { defaultBody: filledIn(macro.body, fields) })}
            after={
              <FormSelect
                label="After this answer"
                name="state"
                options={isResolvable ? afterwards : afterwards.slice(0, 1)}
                defaultValue={isResolvable ? (macro?.state ?? "waiting") : "waiting"}
              />
            }
          />
        </KeyPlace>
      </div>
    </Card>
  );
}

/** Filled in by the server, so that it works without scripts and the address says what was used. */
const MacroChoice = ({ macros, chosen }: { macros: readonly Macro[]; chosen: string | undefined }) => (
  <form className="flex flex-wrap items-end gap-2">
    <KeyPlace name="m">
      <SelectField
        label="Macro"
        name="macro"
        defaultValue={chosen ?? ""}
        options={[{ value: "", label: "None" }, ...macros.map(({ id, name }) => ({ value: id, label: name }))]}
      />
    </KeyPlace>
    <div className="mb-5.5">
      <SubmitButton emphasis="secondary">Use macro</SubmitButton>
    </div>
  </form>
);
