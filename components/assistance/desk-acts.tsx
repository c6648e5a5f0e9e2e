import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormHidden, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { isOver } from "#lib/domain/assistance/rules.ts";
import type { DeskGrant, Named } from "#lib/domain/assistance/view.ts";

type Acts = Readonly<Record<"approve" | "decline" | "offer" | "unlock" | "close", Action<void>>>;
type Props = { grant: DeskGrant; staff: readonly Named[]; acts: Acts };

const hiddenOf = ({ organizationId, id }: DeskGrant) => ({ organizationId, id });

/** What a person of the staff can do about an assistance as it stands. */
export function DeskActs({ grant, staff, acts }: Props) {
  const { state } = grant;
  if (isOver(state)) return null;
  if (state === "requested") return <Decide grant={grant} approve={acts.approve} decline={acts.decline} />;
  const isUnlockable = (state === "granted" || state === "active") && grant.isNamed && grant.unlockedUntil === null;
  return (
    <>
      <Close grant={grant} close={acts.close} />
      {state === "approved" ? <Offer grant={grant} staff={staff} offer={acts.offer} /> : null}
      {isUnlockable ? <Unlock grant={grant} unlock={acts.unlock} /> : null}
    </>
  );
}

const Decide = ({ grant, approve, decline }: { grant: DeskGrant; approve: Action<void>; decline: Action<void> }) => (
  <>
    <FormDialog
      trigger="Decline…"
      title={`Decline the request of ${grant.organizationName}`}
      submit="Decline request"
      hidden={hiddenOf(grant)}
      action={decline}
    >
      <FormTextarea label="Reason" name="words" rows={3} maxLength={500} help="The customer reads this." />
    </FormDialog>
    <ConfirmDialog
      trigger="Approve…"
      triggerLook={{ emphasis: "primary" }}
      title={`Approve the request of ${grant.organizationName}`}
      confirm="Approve request"
      tone="normal"
      action={approve}
    >
      <FormHidden values={hiddenOf(grant)} />
      <p className="text-ui">Nothing is read by this. You name next who would read, for what and for how long.</p>
    </ConfirmDialog>
  </>
);

const Offer = ({ grant, staff, offer }: { grant: DeskGrant; staff: readonly Named[]; offer: Action<void> }) => (
  <FormDialog
    size="wide"
    trigger="Offer…"
    triggerLook={{ emphasis: "primary" }}
    title={`Offer assistance to ${grant.organizationName}`}
    description="The customer agrees to exactly this, or to less. The offer is good for 20 days."
    submit="Send offer"
    hidden={hiddenOf(grant)}
    action={offer}
  >
    <FormTextarea
      label="Purpose"
      name="purpose"
      rows={3}
      maxLength={500}
      help="One sentence. Whoever reads repeats it, and reads for nothing else."
    />
    <FormChoices
      legend="Who would read"
      name="staffIds"
      help="1 to 3 people."
      choices={staff.map(({ id, name }) => ({ value: id, label: name }))}
    />
    <FormText label="For how many days" name="days" inputMode="numeric" defaultValue="7" help="14 at most." />
  </FormDialog>
);

const Unlock = ({ grant, unlock }: { grant: DeskGrant; unlock: Action<void> }) => (
  <FormDialog
    trigger="Unlock…"
    triggerLook={{ emphasis: "primary" }}
    title="Repeat the purpose"
    description={grant.purpose}
    submit="Unlock for two hours"
    hint="The customer is told."
    hidden={hiddenOf(grant)}
    action={unlock}
  >
    <FormTextarea
      label="Purpose"
      name="purpose"
      rows={3}
      maxLength={500}
      help="Write the sentence above: it is what you read for, and nothing else."
    />
  </FormDialog>
);

const Close = ({ grant, close }: { grant: DeskGrant; close: Action<void> }) => (
  <ConfirmDialog
    trigger="Close"
    title={`Close the assistance of ${grant.organizationName}`}
    confirm="Close assistance"
    action={close}
  >
    <FormHidden values={hiddenOf(grant)} />
    <p className="text-ui">Nothing more is read. The customer is told, and can ask again in a ticket.</p>
  </ConfirmDialog>
);
