import { saveKeyLimit } from "#app/(console)/[workspace]/limits/actions.ts";
import { FreeOfCharge, isFree } from "#app/(console)/[workspace]/limits/free-plan.tsx";
import { ForecastLine } from "#components/limits/forecast-line.tsx";
import { LimitForm } from "#components/limits/limit-form.tsx";
import { Meter } from "#components/limits/meter.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { Context } from "#lib/core/context.ts";
import type { KeyView } from "#lib/domain/keys/view.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import type { SpendRate } from "#lib/domain/limits/forecast/rules.ts";
import { keyStanding } from "#lib/domain/limits/queries.ts";
import { dayWords, isReached, type LimitStanding, mayLimitKey, resetsAt } from "#lib/domain/limits/rules.ts";
import type { KeyStanding } from "#lib/domain/limits/view.ts";

const words = {
  month: {
    title: "Monthly limit",
    description: "What this key may spend in a calendar month (UTC), whatever the workspace may.",
  },
  lifetime: {
    title: "Limit for its whole life",
    description: "What this key may spend in all, from its first request on. A successor counts afresh.",
  },
} as const;

/** What the key may spend, beside what it has; anchored where refusals lead. */
export async function KeyLimits({ ctx, view }: { ctx: Context; view: KeyView }) {
  const [key, spending] = await Promise.all([
    keyStanding(ctx, view.id),
    spendRate(ctx, { scope: "key", scopeId: view.id }),
  ]);
  const isUnlimited = key.month.limitPico === null && key.lifetime.limitPico === null;
  if (isUnlimited && (await isFree(ctx))) {
    return (
      <section id="limits" aria-label="Spend limits" className="scroll-mt-20">
        <FreeOfCharge ctx={ctx} />
      </section>
    );
  }
  const hasEnded = key.state === "revoked" || key.state === "expired";
  const mayChange = !hasEnded && mayLimitKey(ctx.actor.permissions, ctx.actor.id, view.isService ? "" : key.ownerId);
  return (
    <section id="limits" aria-label="Spend limits" className="flex scroll-mt-20 flex-col gap-5">
      {hasEnded ? null : <Refusals ctx={ctx} keyStanding={key} />}
      <OneLimit ctx={ctx} standing={key.month} spendRate={hasEnded ? null : spending} mayChange={mayChange} />
      {mayChange || key.lifetime.limitPico !== null ? (
        <OneLimit ctx={ctx} standing={key.lifetime} spendRate={null} mayChange={mayChange} />
      ) : null}
    </section>
  );
}

function Refusals({ ctx, keyStanding: { month, lifetime } }: { ctx: Context; keyStanding: KeyStanding }) {
  if (isReached(lifetime)) {
    return (
      <Notice tone="bad" title="Requests with this key are refused: its limit for life is reached">
        The API answers 402 until the limit is raised; the next request after a raise passes.
      </Notice>
    );
  }
  if (!isReached(month)) return null;
  return (
    <Notice tone="bad" title="Requests with this key are refused: its monthly limit is reached">
      The API answers 402 until {dayWords(resetsAt(ctx.now))} (UTC) or until the limit is raised; the next request after
      a raise passes.
    </Notice>
  );
}

type OneProps = { ctx: Context; standing: LimitStanding; spendRate: SpendRate | null; mayChange: boolean };

function OneLimit({ ctx, standing, spendRate, mayChange }: OneProps) {
  const { period, scopeId } = standing;
  const meter = (
    <>
      <Meter standing={standing} label={`${words[period].title}: spent of it`} now={ctx.now} />
      {spendRate ? <ForecastLine standing={standing} spendRate={spendRate} now={ctx.now} /> : null}
    </>
  );
  if (!mayChange) return <Card {...words[period]}>{meter}</Card>;
  return (
    <LimitForm
      {...words[period]}
      standing={standing}
      above={null}
      resets={period === "month" ? dayWords(resetsAt(ctx.now)) : null}
      alertPercents={standing.alertPercents}
      save={saveKeyLimit}
      hidden={{ id: scopeId, period }}
    >
      {meter}
    </LimitForm>
  );
}
