import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormHidden, FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { mayJudge, reasonTitles, reviewDays } from "#lib/domain/suspensions/rules.ts";
import type { DeskSuspension } from "#lib/domain/suspensions/view.ts";

type Acts = Readonly<Record<"confirm" | "drop" | "resume" | "uphold" | "judge", Action<void>>>;
type Props = { suspension: DeskSuspension; person: string; actions: Acts };

/** What a person of the staff can do about a suspension as it stands. */
export function SuspensionActs({ suspension, person, actions }: Props) {
  if (suspension.state === "proposed")
    return <Proposed suspension={suspension} isOwn={suspension.proposedBy === person} actions={actions} />;
  const { appeal, appealDecision } = suspension;
  const isAppealed = appeal !== null && appealDecision === null;
  return (
    <span className="inline-flex gap-2">
      {isAppealed && mayJudge(suspension, person) ? <Judge suspension={suspension} judge={actions.judge} /> : null}
      <Uphold suspension={suspension} uphold={actions.uphold} />
      <Resume suspension={suspension} resume={actions.resume} />
    </span>
  );
}

const hiddenOf = ({ organizationId, id }: DeskSuspension) => ({ organizationId, id });

function Proposed({ suspension, isOwn, actions }: { suspension: DeskSuspension; isOwn: boolean; actions: Acts }) {
  return (
    <span className="inline-flex gap-2">
      <ConfirmDialog
        trigger="Drop"
        triggerLook={{ size: "small" }}
        title={`Drop the suspension of ${suspension.organizationName}`}
        confirm="Drop suspension"
        tone="normal"
        action={actions.drop}
      >
        <FormHidden values={hiddenOf(suspension)} />
        <p className="text-ui">Nothing changes for the customer, and they hear nothing of it.</p>
      </ConfirmDialog>
      {isOwn ? null : (
        <ConfirmDialog
          trigger="Confirm…"
          triggerLook={{ size: "small", tone: "bad" }}
          title={`Suspend ${suspension.organizationName}`}
          confirm="Suspend customer"
          action={actions.confirm}
        >
          <FormHidden values={hiddenOf(suspension)} />
          <p className="text-ui">
            {reasonTitles[suspension.reason]} ({suspension.clause}): {suspension.words}
          </p>
          <p className="text-ui">Their keys are refused in under a second. They get a letter with a way to appeal.</p>
        </ConfirmDialog>
      )}
    </span>
  );
}

const Uphold = ({ suspension, uphold }: { suspension: DeskSuspension; uphold: Action<void> }) => (
  <ConfirmDialog
    trigger="Reviewed…"
    triggerLook={{ size: "small" }}
    title={`The suspension of ${suspension.organizationName} was looked at again`}
    confirm="Keep it in force"
    tone="normal"
    action={uphold}
  >
    <FormHidden values={hiddenOf(suspension)} />
    <p className="text-ui">It stays in force, and is looked at again {reviewDays} days from now.</p>
  </ConfirmDialog>
);

const Judge = ({ suspension, judge }: { suspension: DeskSuspension; judge: Action<void> }) => (
  <FormDialog
    trigger="Judge appeal…"
    triggerLook={{ size: "small", emphasis: "primary" }}
    title={`The appeal of ${suspension.organizationName}`}
    description={suspension.appeal}
    submit="Decide appeal"
    hidden={hiddenOf(suspension)}
    action={judge}
  >
    <FormSelect
      label="Decision"
      name="decision"
      options={[
        { value: "upheld", label: "The suspension stays in force" },
        { value: "lifted", label: "The suspension is lifted" },
      ]}
    />
    <FormTextarea label="Answer" name="answer" rows={4} help="The customer reads this." />
  </FormDialog>
);

const Resume = ({ suspension, resume }: { suspension: DeskSuspension; resume: Action<void> }) => (
  <FormDialog
    trigger="Lift…"
    triggerLook={{ size: "small" }}
    title={`Open the access of ${suspension.organizationName} again`}
    submit="Lift suspension"
    hidden={hiddenOf(suspension)}
    action={resume}
  >
    <FormTextarea label="Why" name="words" rows={3} help="The customer reads this." />
  </FormDialog>
);
