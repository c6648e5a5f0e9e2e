import type { ReactNode } from "react";
import type { ButtonLook } from "#components/ui/button-look.ts";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DeskItem } from "#lib/domain/abuse/desk/view.ts";
import type { Outcome } from "#lib/domain/abuse/rules.ts";

type Choice = {
  outcome: Outcome;
  trigger: string;
  title: string;
  description: string;
  submit: string;
  look?: ButtonLook;
  clause: string;
  /** Whether the customer gets a letter with words of it. */
  isTold: boolean;
  more?: ReactNode;
};

const choices: readonly Choice[] = [
  {
    outcome: "dismissed",
    trigger: "Dismiss…",
    title: "Dismiss this item",
    description: "Nothing changes for the customer. Their audit log has that it was dismissed.",
    submit: "Dismiss item",
    clause: "T-4.2.2-ABUSE",
    isTold: false,
  },
  {
    outcome: "legal",
    trigger: "Hand to legal…",
    title: "Hand this item to legal",
    description: "Legal finds it under the status “With legal”. It still ends with its thirty days.",
    submit: "Hand to legal",
    clause: "T-4.2.2-ABUSE",
    isTold: false,
  },
  {
    outcome: "warned",
    trigger: "Warn…",
    title: "Warn the customer",
    description: "The contact and the admins get a letter with what you write and the ids of the requests.",
    submit: "Send warning",
    clause: "T-4.1-USE",
    isTold: true,
  },
  {
    outcome: "restricted",
    trigger: "Archive workspace…",
    title: "Archive the workspace",
    description:
      "Its API keys are refused in under a second. Nothing is revoked or deleted: an organization admin can restore it.",
    submit: "Archive workspace",
    look: { tone: "bad" },
    clause: "T-4.1-USE",
    isTold: true,
  },
  {
    outcome: "suspended",
    trigger: "Suspend…",
    title: "Propose a suspension",
    description: "A second person puts it in force under Suspensions. The customer can then appeal.",
    submit: "Propose suspension",
    look: { tone: "bad" },
    clause: "T-4.1-USE",
    isTold: true,
    more: (
      <FormText
        label="Why it cannot wait"
        name="imminent"
        hint="only for imminent harm"
        help="With this it is in force at once, without a second person."
      />
    ),
  },
];

type Props = { item: Pick<DeskItem, "organizationId" | "id" | "canRestrict">; decide: Action<void> };

/** What staff can decide about an item. */
export const DecideItem = ({ item: { organizationId, id, canRestrict }, decide }: Props) => (
  <div className="flex flex-wrap gap-2">
    {choices
      .filter(({ outcome }) => outcome !== "restricted" || canRestrict)
      .map(({ outcome, trigger, title, description, submit, look, clause, isTold, more }) => (
        <FormDialog
          key={outcome}
          trigger={trigger}
          {...(look && { triggerLook: look })}
          title={title}
          description={description}
          submit={submit}
          hidden={{ organizationId, id, outcome }}
          action={decide}
        >
          <FormText label="Clause" name="clause" defaultValue={clause} />
          {isTold ? (
            <FormTextarea
              label="What happened"
              name="words"
              rows={4}
              maxLength={4000}
              help="The customer reads this."
            />
          ) : null}
          {more}
        </FormDialog>
      ))}
  </div>
);

type GagProps = { item: Pick<DeskItem, "organizationId" | "id">; gag: Action<void> };

export const GagItem = ({ item: { organizationId, id }, gag }: GagProps) => (
  <FormDialog
    trigger="Put off by order…"
    title="Put off what the customer is told"
    description="For an order of a court or an authority. Openings are in our own log at once, and in the customer’s audit log after this day."
    submit="Put off"
    hidden={{ organizationId, id }}
    action={gag}
  >
    <FormText label="Until (UTC)" name="until" help="A day within 90 days, as 2026-12-31." autoComplete="off" />
    <FormText label="Order" name="order" help="Court or authority, file and date." autoComplete="off" />
  </FormDialog>
);
