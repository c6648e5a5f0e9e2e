import type { ReactNode } from "react";
import { addMethod, downgrade, keep, upgrade } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { DowngradeEffects } from "#components/billing/plan-comparison.tsx";
import { UpgradeEffects } from "#components/rates/plan-facts.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { monthOf, startOfDay } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { monthAfter } from "#lib/domain/billing/cycles/rules.ts";
import type { Missing } from "#lib/domain/billing/plan/rules.ts";
import { dayWords } from "#lib/domain/limits/rules.ts";
import { methodWords } from "#lib/domain/payments/methods/rules.ts";
import type { PaymentMethod } from "#lib/domain/payments/methods/view.ts";

type StepsProps = {
  ctx: Context;
  missing: readonly Missing[];
  account: Account | null;
  method: PaymentMethod | undefined;
  reason: string | null;
};

/** From the free plan to the paid one: who pays, how, and then the upgrade; what is there already is a step that is done. */
export function Steps({ ctx, missing, account, method, reason }: StepsProps) {
  const base = billingBase(ctx);
  const hasProfile = !missing.includes("profile");
  const isReady = missing.length === 0;
  return (
    <Card
      id="upgrade"
      title="Upgrade to the paid plan"
      description="Three steps. Nothing is charged before the last one, and then only for use."
    >
      <ol className="flex flex-col gap-4">
        <Step
          number={1}
          title="Billing profile"
          isDone={hasProfile}
          text={
            hasProfile && account ? `Invoices are made out to ${account.name}.` : "Say who invoices are made out to."
          }
          action={
            <LinkButton size="small" href={`${base}/profile`} {...(!hasProfile && { emphasis: "primary" })}>
              {hasProfile ? "Change" : "Fill in"}
            </LinkButton>
          }
        />
        <Step
          number={2}
          title="Payment method"
          isDone={hasProfile && !missing.includes("payment_method")}
          text={methodText(account, method)}
          action={
            hasProfile && missing.includes("payment_method") ? (
              <ButtonForm button="Add payment method" values={{ returnTo: `${base}/plan` }} act={addMethod} />
            ) : undefined
          }
        />
        <Step
          number={3}
          title="Upgrade"
          isDone={false}
          text="It works from the next request on, for all workspaces and keys."
          action={isReady ? <Upgrade ctx={ctx} reason={reason} /> : undefined}
        />
      </ol>
    </Card>
  );
}

function methodText(account: Account | null, method: PaymentMethod | undefined): string {
  if (account?.collection === "send_invoice") return "Invoices are sent and paid by bank transfer.";
  return method ? `${methodWords(method)} is used.` : "A card or a direct debit. Nothing is charged for adding it.";
}

type StepProps = { number: number; title: string; text: string; isDone: boolean; action?: ReactNode };

const Step = ({ number, title, text, isDone, action }: StepProps) => (
  <li className="flex flex-wrap items-center gap-x-4 gap-y-2 text-ui">
    <span
      aria-hidden="true"
      className="flex size-7 shrink-0 items-center justify-center rounded-full border border-line bg-canvas font-medium"
    >
      {number}
    </span>
    <div className="min-w-0 grow basis-56">
      <p className="flex items-center gap-2 font-medium">
        {title} {isDone ? <Badge tone="good">Done</Badge> : null}
      </p>
      <p className="text-text-soft">{text}</p>
    </div>
    {action}
  </li>
);

function Upgrade({ ctx, reason }: { ctx: Context; reason: string | null }) {
  if (reason) return <Denied size="small" label="Upgrade to paid" reason={reason} />;
  return (
    <ConfirmDialog
      trigger="Upgrade to paid"
      triggerLook={{ size: "small", emphasis: "primary" }}
      title="Upgrade to the paid plan"
      confirm="Upgrade to paid"
      tone="normal"
      action={upgrade}
    >
      <UpgradeEffects />
      <p className="text-ui text-text-soft">
        The prices are in the <TextLink href={`/${ctx.workspaceId}/models`}>model list</TextLink>.
      </p>
    </ConfirmDialog>
  );
}

/** Back to the free plan at the month's end, with what that changes. */
type DowngradeProps = {
  ctx: Context;
  reason: string | null;
  /** What has to be typed where zero retention ends with the plan. */
  zeroRetention: string | null;
};

export function Downgrade({ ctx, reason, zeroRetention }: DowngradeProps) {
  const on = startOfDay(monthAfter(monthOf(ctx.now)));
  return (
    <Card
      title="Back to the free plan"
      description={`It applies from ${dayWords(on)} (UTC). Until then nothing changes, and it can be taken back.`}
      footer={
        reason ? (
          <Denied label="Downgrade to free…" reason={reason} />
        ) : zeroRetention ? (
          <FormDialog
            trigger="Downgrade to free…"
            triggerLook={{ size: "small", tone: "bad" }}
            title={`Downgrade to free on ${dayWords(on)}`}
            submit="Downgrade to free"
            action={downgrade}
          >
            <DowngradeEffects day={dayWords(on)} />
            <Notice tone="bad" title="Zero retention ends with it">
              From then on prompts are kept for 30 days and may train models.
            </Notice>
            <FormText label={`Type ${zeroRetention}`} name="name" autoComplete="off" />
          </FormDialog>
        ) : (
          <ConfirmDialog
            trigger="Downgrade to free…"
            triggerLook={{ size: "small", tone: "bad" }}
            title={`Downgrade to free on ${dayWords(on)}`}
            confirm="Downgrade to free"
            action={downgrade}
          >
            <DowngradeEffects day={dayWords(on)} />
          </ConfirmDialog>
        )
      }
    />
  );
}

/** A downgrade that is coming, and the way to take it back. */
export const Leaving = ({ on, reason }: { on: string; reason: string | null }) => (
  <Notice
    tone="warn"
    title={
      <>
        The free plan applies from <Time at={startOfDay(on)} form="date" />
      </>
    }
    action={
      reason ? (
        <Denied size="small" label="Keep the paid plan" reason={reason} />
      ) : (
        <ButtonForm button="Keep the paid plan" act={keep} />
      )
    }
  >
    Until then everything stays as it is. The last month is invoiced as always.
  </Notice>
);
