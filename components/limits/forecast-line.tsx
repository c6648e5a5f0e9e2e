import { formatSum } from "#lib/core/money.ts";
import { type Cap, forecastOf, perDayPico, type SpendRate } from "#lib/domain/limits/forecast/rules.ts";
import { dayWords, isReached, type LimitStanding, monthWords } from "#lib/domain/limits/rules.ts";

type Props = {
  standing: LimitStanding;
  spendRate: SpendRate | null;
  /** What else it must fit within, beside its own limit. */
  caps?: readonly Cap[];
  now: Date;
};

/** Where the month leads, and how that was worked out: from days that are over, for the rest of the month. */
export function ForecastLine({ standing, spendRate, caps = [], now }: Props) {
  const { limitPico, settledPico } = standing;
  if (isReached(standing) || caps.some(({ pico }) => pico <= settledPico)) {
    return <p className="text-meta text-text-soft">While requests are refused, nothing more is spent this month.</p>;
  }
  if (!spendRate) return <p className="text-meta text-text-soft">No forecast before a full day of use is over.</p>;
  const limit = limitPico === null ? [] : [{ pico: limitPico, words: "the spend limit" }];
  const { endPico, stop } = forecastOf(settledPico, [...limit, ...caps], spendRate, now);
  const days = spendRate.fullDays === 1 ? "the last full day" : `the last ${spendRate.fullDays} full days`;
  const pace = `if every day until then costs the average of ${days}, ${formatSum(perDayPico(spendRate))}`;
  return (
    <p className="tabular text-meta text-text-soft">
      Forecast: {stop ? "at most" : "about"} <strong className="font-medium text-text">{formatSum(endPico)}</strong> by
      the end of {monthWords(now)}
      {stop
        ? `, because ${stop.cap.words} allows no more. It is reached around ${dayWords(stop.at)}, ${pace}; requests are refused from then on.`
        : `, ${pace}.`}
    </p>
  );
}
