import { AgreeForm } from "#components/account/agree-form.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormSelect, FormText } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Context } from "#lib/core/context.ts";
import { formatCents } from "#lib/core/money.ts";
import { instantWords } from "#lib/domain/agreements/letters.ts";
import { isWithdrawable, terminationWords } from "#lib/domain/agreements/rules.ts";
import type { Agreement, Termination } from "#lib/domain/agreements/view.ts";
import type { EndingPage, Kept } from "#lib/domain/ending/view.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";
import { comeBack, give, withdraw, withdrawFrom } from "./actions.ts";

type GiveProps = { ending: EndingPage; reason: string | null };

/** When it would end, and until when that stays so, before anything is clicked. */
export function GiveNotice({ ending: { ends, lastMoment, facts }, reason }: GiveProps) {
  const [first] = ends;
  if (!first || !lastMoment) return null;
  const choices = [
    ...(facts.isBilled ? [] : [{ value: "now", label: "Now: nothing is paid for on the free plan" }]),
    ...ends.map((end) => ({ value: end.toISOString(), label: instantWords(end) })),
  ];
  return (
    <Card
      tone={reason ? "normal" : "bad"}
      title="End the agreement"
      description={`Notice given now ends it on ${instantWords(first)}. Given after ${instantWords(lastMoment)}, it ends a month later.`}
      footer={
        reason ? (
          <Denied label="Give notice" reason={reason} />
        ) : (
          <FormDialog
            trigger="Give notice"
            triggerLook={{ tone: "bad" }}
            title={`End the agreement of ${facts.name}`}
            submit="Give notice"
            action={give}
          >
            <p className="text-ui">
              Until the end everything works as now, and you can withdraw the notice. What is used until then is billed.
            </p>
            <FormSelect label="When it ends" name="endsAt" options={choices} />
            <FormText label={`Type ${facts.name}`} name="name" autoComplete="off" />
            <FormChoices
              legend="API keys"
              name="keysDeleted"
              choices={[{ value: "on", label: "We delete every copy of our API keys when it ends" }]}
              help="The Terms ask for it (T-4.2.1-KEY3)."
            />
          </FormDialog>
        )
      }
    />
  );
}

/** T-6-OTHER: what the law gives consumers in the first days, in two steps and without a reason. */
export function WithdrawFrom({ until, reason }: { until: Date | null; reason: string | null }) {
  if (!until) return null;
  return (
    <Card
      title="Withdraw from the contract"
      description={
        <>
          As a consumer you can withdraw until <Time at={until} form="instant" />, without saying why.
        </>
      }
      footer={
        reason ? (
          <Denied label="Withdraw from the contract here" reason={reason} />
        ) : (
          <ConfirmDialog
            trigger="Withdraw from the contract here"
            triggerLook={{ tone: "bad" }}
            title="Withdraw from the contract"
            confirm="Confirm withdrawal"
            action={withdrawFrom}
          >
            <p className="text-ui">
              The contract ends at once: requests are refused and API keys end. What was used until now is billed. You
              get a receipt by e-mail.
            </p>
          </ConfirmDialog>
        )
      }
    />
  );
}

/** What ends it, and the way back until then. */
export function NoticeGiven({ termination, reason }: { termination: Termination | null; reason: string | null }) {
  if (!termination) return null;
  const { kind, noticedAt, endsAt, words } = termination;
  return (
    <Notice
      tone="warn"
      title={
        <>
          The agreement ends on <Time at={endsAt} form="instant" />
        </>
      }
      action={
        isWithdrawable(kind) ? (
          reason ? (
            <Denied label="Withdraw notice" reason={reason} />
          ) : (
            <ButtonForm button="Withdraw notice" act={withdraw} />
          )
        ) : undefined
      }
    >
      {terminationWords[kind]} on <Time at={noticedAt} form="instant" />. {words}
    </Notice>
  );
}

export function Ended({ agreement, termination }: { agreement: Agreement; termination: Termination | null }) {
  const endedAt = agreement.endedAt ?? termination?.endsAt;
  if (!endedAt) return null;
  return (
    <Notice
      tone="info"
      title={
        <>
          Agreement no. {agreement.number} ended on <Time at={endedAt} form="instant" />
        </>
      }
    >
      {termination ? `${terminationWords[termination.kind]}.` : null}{" "}
      {termination?.finalizedAt ? "The last bill is settled upon." : "The last bill is being settled upon."}
    </Notice>
  );
}

type ReturnProps = {
  ctx: Context;
  agreement: Agreement;
  terms: DocumentTitle;
  debt: bigint;
  reason: string | null;
  kept: readonly Kept[];
};

/** The way back, with what stands in it. */
export function ComeBack({ ctx, agreement, terms, debt, reason, kept }: ReturnProps) {
  const isBack = kept.some(({ purgedAt, purgeAt }) => purgedAt === null && purgeAt > ctx.now);
  const standsInIt = obstacle(ctx, agreement, debt);
  return (
    <Card
      title="Come back"
      description={
        isBack
          ? "A new agreement begins at once. What is still kept is as it was; API keys have to be made anew."
          : "A new agreement begins at once, with nothing of before."
      }
    >
      {reason ? <Denied label="Come back" reason={reason} /> : standsInIt}
      {reason || standsInIt ? null : <AgreeForm workspaceId={ctx.workspaceId} terms={terms} agree={comeBack} />}
    </Card>
  );
}

function obstacle(ctx: Context, { endedAt, cause }: Agreement, debt: bigint) {
  if (debt > 0n)
    return (
      <Notice tone="warn" title={`${formatCents(debt)} are still to be paid`}>
        <TextLink href={`/${ctx.workspaceId}/organization/billing`}>Open billing</TextLink> and pay first.
      </Notice>
    );
  if (endedAt === null)
    return <Notice tone="info">The end is being carried out. In a minute you can come back here.</Notice>;
  if (cause?.startsWith("cause_"))
    return (
      <Notice tone="info" title="It was ended for cause">
        <TextLink href={`/${ctx.workspaceId}/help`}>Open a ticket</TextLink> to ask whether a new one can begin.
      </Notice>
    );
  return null;
}
