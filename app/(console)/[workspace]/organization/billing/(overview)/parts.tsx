import { pay } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { sentenceOf } from "#components/billing/billing-banner.tsx";
import { TestMode } from "#components/billing/invoice-state.tsx";
import { monthWords } from "#components/billing/month-words.ts";
import { ThresholdMeter } from "#components/billing/threshold-meter.tsx";
import { ThresholdTable } from "#components/billing/threshold-table.tsx";
import { ForecastLine } from "#components/limits/forecast-line.tsx";
import { planTitles } from "#components/rates/plan-facts.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { type Definition, DefinitionList } from "#components/ui/definition-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { startOfDay } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { formatCents, formatEuros } from "#lib/core/money.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { monthAfter } from "#lib/domain/billing/cycles/rules.ts";
import { stateOf } from "#lib/domain/billing/invoices/listing/rules.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import { ladderOf, nextOf } from "#lib/domain/billing/overview/rules.ts";
import type { Overview } from "#lib/domain/billing/overview/view.ts";
import type { Cap, SpendRate } from "#lib/domain/limits/forecast/rules.ts";
import type { LimitStanding } from "#lib/domain/limits/rules.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import { expiryOf, methodWords } from "#lib/domain/payments/methods/rules.ts";
import type { PaymentMethod } from "#lib/domain/payments/methods/view.ts";

type Props = { ctx: Context; view: Overview };

const chargedOf = ({ advances }: Overview): bigint =>
  advances.reduce((most, { state, thresholdCents }) => {
    const threshold = state === "void" ? 0n : (thresholdCents ?? 0n);
    return threshold > most ? threshold : most;
  }, 0n);

const afterwards = {
  auto: "It could not be collected, and is tried again by itself.",
  send_invoice: "It is marked paid when the money has arrived.",
} as const;

/** What is owed and late, with the one thing to do about it. */
export function Owed({ ctx, view: { account, owed } }: Props) {
  if (!account) return null;
  const late = owed.filter((invoice) => stateOf(invoice, ctx.now) === "overdue");
  const [first] = late;
  if (!first) return <Waits account={account} />;
  const sum = late.reduce((total, invoice) => total + collectibleOf(invoice), 0n);
  const here = `${billingBase(ctx)}/invoices/${first.id}`;
  const isPaidHere = account.collection === "auto" && can(ctx.actor, "billing.write");
  return (
    <Notice
      tone="bad"
      title={`${formatCents(sum)} ${late.length === 1 ? `of ${first.number} is` : `of ${late.length} invoices are`} overdue`}
      action={
        isPaidHere ? (
          <ButtonForm button="Pay now" values={{ invoiceId: first.id, returnTo: here }} act={pay} />
        ) : (
          <LinkButton size="small" href={here}>
            See how to pay
          </LinkButton>
        )
      }
    >
      {isBad(account) ? sentenceOf(newsOf(account)) : afterwards[account.collection]}
      {late.length > 1 ? ` The oldest, ${first.number}, comes first.` : null}
    </Notice>
  );
}

const isBad = ({ blockedAt, pastDueSince }: Account): boolean => blockedAt !== null || pastDueSince !== null;
const newsOf = ({ blockedAt, blockedReason: reason }: Account) => ({ blockedAt, reason });

/** Nothing can be done about it now: what is owed is being paid. */
const Waits = ({ account }: { account: Account }) =>
  isBad(account) ? (
    <Notice tone="bad" title={account.blockedAt ? "Requests are refused" : "An invoice is past due"}>
      A payment of it is under way. {sentenceOf(newsOf(account))}
    </Notice>
  ) : null;

export const FreePlan = ({ ctx }: { ctx: Context }) => (
  <Card
    title="The free plan costs nothing"
    description="No payment method is needed and nothing is billed. The paid plan has higher limits, is billed by use, and never trains on your prompts."
    footer={
      <LinkButton emphasis="primary" href={`${billingBase(ctx)}/plan`}>
        Upgrade
      </LinkButton>
    }
  />
);

type MonthProps = Props & { standing: LimitStanding | null; caps: readonly Cap[]; rate: SpendRate | null };

export function MonthCard({ ctx, view, standing, caps, rate }: MonthProps) {
  const { month, usedPico, thresholds, carriedCents, account } = view;
  const charged = chargedOf(view);
  return (
    <Card
      title={`${monthWords(month)} so far`}
      description="Fees for what was used, before VAT. A month is counted in UTC."
      {...(account && !account.livemode && { aside: <TestMode /> })}
    >
      <div className="flex flex-col gap-3">
        <ThresholdMeter
          usedPico={usedPico}
          nextCents={nextOf(thresholds, usedPico, charged)}
          ticks={ladderOf(thresholds, charged)}
          chargedCents={charged}
        />
        {standing ? <ForecastLine standing={standing} spendRate={rate} caps={caps} now={ctx.now} /> : null}
        {carriedCents > 0n ? (
          <p className="text-meta text-text-soft">
            {formatCents(carriedCents)} of the month before were too little to collect and are on the next invoice.
          </p>
        ) : null}
      </div>
    </Card>
  );
}

type StandingProps = Props & { plan: Plan; method: PaymentMethod | undefined; standing: LimitStanding | null };

/** The facts around the month, each leading to where it is changed. */
export function StandingCard({ ctx, view, plan, method, standing }: StandingProps) {
  const { account, creditCents, month } = view;
  const base = billingBase(ctx);
  const rows: Definition[] = [
    { term: "Plan", value: <TextLink href={`${base}/plan`}>{planTitles[plan]}</TextLink> },
    ...(account?.downgradeOn
      ? [{ term: "Free plan from", value: <Time at={startOfDay(account.downgradeOn)} form="date" /> }]
      : []),
    ...(plan === "free" && !account
      ? []
      : [
          { term: "Credit left", value: <TextLink href={`${base}/credits`}>{formatCents(creditCents)}</TextLink> },
          ...(standing ? [spendLimitRow(ctx, standing)] : []),
          { term: "Payment", value: <PaidBy base={base} view={view} method={method} now={ctx.now} /> },
          { term: "Next invoice", value: <Time at={startOfDay(monthAfter(month))} form="date" /> },
        ]),
  ];
  if (rows.length === 1) return null;
  return (
    <Card title="Account">
      <DefinitionList rows={rows} />
    </Card>
  );
}

const spendLimitRow = ({ workspaceId }: Context, { limitPico }: LimitStanding): Definition => ({
  term: "Spend limit",
  value: (
    <TextLink href={`/${workspaceId}/limits#organization`}>
      {limitPico === null ? "None" : `${formatEuros(limitPico)} a month`}
    </TextLink>
  ),
});

const endings = { over: " (expired)", soon: " (expires soon)", fine: "" } as const;

function PaidBy({
  base,
  view: { account },
  method,
  now,
}: { base: string; now: Date } & Omit<StandingProps, "ctx" | "plan" | "standing">) {
  if (account?.collection === "send_invoice") return "By bank transfer";
  return (
    <TextLink href={`${base}/methods`}>
      {method ? `${methodWords(method)}${endings[expiryOf(method, now)]}` : "No payment method yet"}
    </TextLink>
  );
}

/** T-5.2-ADV1: the thresholds that apply, in the version they are from. */
export function ThresholdCard({ ctx, view }: Props) {
  const { thresholds, advances, usedPico, floorCents } = view;
  const rungs = ladderOf(thresholds, chargedOf(view));
  if (rungs.length === 0 && advances.length === 0) return null;
  return (
    <Card
      flush
      title="Consumption thresholds"
      description={`Amounts of use at which an advance payment is issued in a month (T-5.2-ADV1), by ${thresholds.title}.${
        thresholds.step === null ? "" : ` After the last one, another each ${formatCents(thresholds.step)}.`
      }`}
    >
      <ThresholdTable
        rungs={rungs}
        advances={advances}
        usedPico={usedPico}
        floorCents={floorCents}
        base={billingBase(ctx)}
        now={ctx.now}
      />
    </Card>
  );
}
