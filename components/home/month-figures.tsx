import { Card } from "#components/ui/card.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { exactEuros, formatSum } from "#lib/core/money.ts";

export type MonthSum = { spentPico: bigint; requests: number; failed: number; tokens: number };

type Props = {
  thisMonth: MonthSum;
  /** Last month up to the same day, so that the two can be compared. */
  lastMonthSoFar: MonthSum;
  lastMonth: MonthSum;
  /** "November". */
  month: string;
};

/** What the month has brought until now. */
export function MonthFigures(props: Props) {
  const { thisMonth, lastMonthSoFar } = props;
  return (
    <Card>
      <div className="grid gap-5 sm:grid-cols-3">
        <Spent {...props} />
        <Figure label="Requests" value={formatCount(thisMonth.requests)}>
          {formatCount(lastMonthSoFar.requests)} by this day last month
          {thisMonth.failed > 0 ? `, ${formatCount(thisMonth.failed)} failed this month` : ""}
        </Figure>
        <Figure label="Tokens" value={formatCount(thisMonth.tokens)}>
          {formatCount(lastMonthSoFar.tokens)} by this day last month
        </Figure>
      </div>
    </Card>
  );
}

/** Where nothing was billed, nothing is said of spending: it may be the free plan. */
function Spent({ thisMonth, lastMonthSoFar, lastMonth, month }: Props) {
  if (thisMonth.spentPico === 0n && lastMonth.spentPico === 0n) {
    return (
      <Figure label="Cost" value={formatSum(0n)}>
        Nothing was billed, this month or last
      </Figure>
    );
  }
  return (
    <Figure label={`Spent in ${month}`} value={formatSum(thisMonth.spentPico)} exact={exactEuros(thisMonth.spentPico)}>
      {formatSum(lastMonthSoFar.spentPico)} by this day last month, {formatSum(lastMonth.spentPico)} in all of it
    </Figure>
  );
}
