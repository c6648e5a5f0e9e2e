import { addDays, dayMs, dayOf } from "#lib/core/clock.ts";
import { picoOfCents } from "#lib/core/money.ts";
import { type ContractFacts, effective } from "#lib/domain/contract/values/rules.ts";
import { type LimitStanding, resetsAt } from "#lib/domain/limits/rules.ts";

/** What was spent in the last full days: at most seven, fewer where spending began later. */
export type SpendRate = { fullDays: number; spentPico: bigint };

const paceDays = 7;

/** The first day a pace looks at. */
export const spendRateFrom = (now: Date): string => dayOf(addDays(now, -paceDays));

/**
 * How fast money goes, from days that are over (UTC): today says nothing yet. `firstDay` is the first day anything was
 * spent; without a full day since then there is no pace.
 */
export function spendRateOf(
  days: readonly { day: string; spentPico: bigint }[],
  firstDay: string | null,
  now: Date,
): SpendRate | null {
  const today = dayOf(now);
  if (firstDay === null || firstDay >= today) return null;
  const from = firstDay > spendRateFrom(now) ? firstDay : spendRateFrom(now);
  const fullDays = Math.round((Date.parse(today) - Date.parse(from)) / dayMs);
  const spentPico = days
    .filter(({ day }) => day >= from && day < today)
    .reduce((sum, { spentPico }) => sum + spentPico, 0n);
  return { fullDays, spentPico };
}

export const perDayPico = ({ fullDays, spentPico }: SpendRate): bigint => spentPico / BigInt(fullDays);

/** What the month will have cost at its end, if the rest of it goes at this pace. */
export function forecastPico(settledPico: bigint, spendRate: SpendRate, now: Date): bigint {
  const leftMs = BigInt(resetsAt(now).getTime() - now.getTime());
  return settledPico + (spendRate.spentPico * leftMs) / BigInt(spendRate.fullDays * dayMs);
}

/** The most that may be used in a month, in the words of who says so: "the spend limit". */
export type Cap = { pico: bigint; words: string };

/** What an order allows in a month, if one does. */
export function orderCapsOf(facts: ContractFacts, at: Date): Cap[] {
  const cap = effective(facts, "cap", at);
  return cap && cap.value !== null ? [{ pico: picoOfCents(BigInt(cap.value)), words: cap.source.title }] : [];
}

type Counted = Pick<LimitStanding, "limitPico" | "settledPico">;

/** What the organization's limit leaves to one of its workspaces: all that the others have not used. */
export const capsAbove = ({ limitPico, settledPico }: Counted, workspace: Counted): Cap[] =>
  limitPico === null
    ? []
    : [{ pico: limitPico - (settledPico - workspace.settledPico), words: "the organization's spend limit" }];

/** What the month will have cost; where a cap stops requests before its end, which one and when. */
export type Forecast = { endPico: bigint; stop: { cap: Cap; at: Date } | null };

/** The forecast at this pace. It never says more than a cap allows, because requests are refused from there on. */
export function forecastOf(settledPico: bigint, caps: readonly Cap[], spendRate: SpendRate, now: Date): Forecast {
  const endPico = forecastPico(settledPico, spendRate, now);
  const cap = caps.reduce<Cap | null>((least, one) => (least && least.pico <= one.pico ? least : one), null);
  if (!cap || endPico <= cap.pico) return { endPico, stop: null };
  if (cap.pico <= settledPico) return { endPico: settledPico, stop: { cap, at: now } };
  return { endPico: cap.pico, stop: { cap, at: reachedAt(cap.pico - settledPico, spendRate, now) ?? now } };
}

/** The day the limit is reached at this pace, if it is before the month ends. */
export function reachedAt(leftPico: bigint, spendRate: SpendRate, now: Date): Date | null {
  if (spendRate.spentPico === 0n) return null;
  const ms = (leftPico * BigInt(spendRate.fullDays * dayMs)) / spendRate.spentPico;
  const untilReset = BigInt(resetsAt(now).getTime() - now.getTime());
  return ms < untilReset ? new Date(now.getTime() + Number(ms)) : null;
}
