import { formatSum } from "#lib/core/money.ts";
import { forecastPico, perDayPico, reachedAt, type SpendRate } from "#lib/domain/limits/forecast/rules.ts";
import { dayWords, isReached, type LimitStanding, monthWords } from "#lib/domain/limits/rules.ts";

/** Where the month leads, and how that was worked out: from days that are over, for the rest of the month. */
export function ForecastLine({
  standing,
  spendRate,
  now,
}: {
  standing: LimitStanding;
  spendRate: SpendRate | null;
  now: Date;
}) {
  if (isReached(standing)) {
    return <p className="text-meta text-text-soft">While requests are refused, nothing more is spent this month.</p>;
  }
  if (!spendRate) return <p className="text-meta text-text-soft">No forecast before a full day of use is over.</p>;
  const { limitPico, settledPico } = standing;
  const end = forecastPico(settledPico, spendRate, now);
  const reached = limitPico === null ? null : reachedAt(limitPico - settledPico, spendRate, now);
  const days = spendRate.fullDays === 1 ? "the last full day" : `the last ${spendRate.fullDays} full days`;
  return (
    <p className="tabular text-meta text-text-soft">
      Forecast: about <strong className="font-medium text-text">{formatSum(end)}</strong> by the end of{" "}
      {monthWords(now)}, if every day until then costs the average of {days}, {formatSum(perDayPico(spendRate))}.
      {reached ? ` The limit would be reached around ${dayWords(reached)}.` : null}
    </p>
  );
}
