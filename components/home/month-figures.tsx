import { Card } from "#components/ui/card.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { decimalString, formatSum } from "#lib/core/money.ts";

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
export function MonthFigures({ thisMonth, lastMonthSoFar, lastMonth, month }: Props) {
  return (
    <Card>
      <div className="grid gap-5 sm:grid-cols-3">
        <Figure label={`Spent in ${month}`} value={formatSum(thisMonth.spentPico)} exact={exact(thisMonth.spentPico)}>
          {formatSum(lastMonthSoFar.spentPico)} by this day last month, {formatSum(lastMonth.spentPico)} in all of it
        </Figure>
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

const exact = (amount: bigint): string => `€${decimalString(amount)}`;
