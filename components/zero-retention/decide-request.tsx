import { ButtonForm } from "#components/ui/button-form.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { after, endTitles, noticeDays } from "#lib/domain/zero-retention/rules.ts";
import type { RequestView } from "#lib/domain/zero-retention/view.ts";

type Props = { request: RequestView } & Record<"claim" | "ask" | "approve" | "deny" | "revoke", Action<void>>;

/** What staff can do about a request in the state it is in. */
export function DecideRequest({ request, claim, ask, approve, deny, revoke }: Props) {
  const { id, state } = request;
  return (
    <>
      {state === "submitted" ? (
        <ButtonForm button="Take into review" size="normal" values={{ id }} act={claim} />
      ) : null}
      {after(state, "ask") ? (
        <FormDialog trigger="Ask…" title="Ask the customer" submit="Send question" hidden={{ id }} action={ask}>
          <FormTextarea label="Question" name="question" rows={4} maxLength={4000} autoComplete="off" />
        </FormDialog>
      ) : null}
      {after(state, "deny") ? (
        <FormDialog trigger="Deny…" title="Deny zero retention" submit="Deny request" hidden={{ id }} action={deny}>
          <Reason />
        </FormDialog>
      ) : null}
      {after(state, "approve") ? (
        <FormDialog
          trigger="Approve…"
          triggerLook={{ emphasis: "primary" }}
          title="Approve zero retention"
          description="With the last approval nothing is stored any more, at once. What was stored is deleted in the background."
          submit="Approve request"
          hidden={{ id }}
          action={approve}
        >
          <Reason />
        </FormDialog>
      ) : null}
      {after(state, "giveNotice") || state === "ending" ? (
        <FormDialog
          trigger="Revoke…"
          triggerLook={{ tone: "bad" }}
          title="Revoke zero retention"
          description={`The customer has ${noticeDays} days' notice. For signs of abuse and for the law it ends at once.`}
          submit="Revoke zero retention"
          hidden={{ id }}
          action={revoke}
        >
          <FormSelect
            label="Reason code"
            name="code"
            options={(["other", "abuse", "legal"] as const).map((value) => ({ value, label: endTitles[value] }))}
          />
          <Reason />
        </FormDialog>
      ) : null}
    </>
  );
}

const Reason = () => (
  <FormTextarea
    label="Reason"
    name="reason"
    rows={4}
    maxLength={2000}
    autoComplete="off"
    help="The customer reads this."
  />
);
