import { Card } from "#components/ui/card.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { exactEuros, formatSum } from "#lib/core/money.ts";
import {
  amountOf,
  comparisonWords,
  type Figures,
  formatAmount,
  type Measure,
  measures,
  measureWords,
} from "./measures.ts";

type Month = {
  /** "November 2026". */
  name: string;
  settledPico: bigint;
  isOver: boolean;
  everywhere: boolean;
};

type Props = {
  sum: { now: Figures; before: Figures };
  /** Days of the range; none: do not compare. */
  days: number | undefined;
  /** Where the range is a calendar month: the counter its invoice is made from. */
  month: Month | undefined;
};

/** The range in three figures, what they were the time before, and whether they are what will be billed. */
export function UsageSummary({ sum, days, month }: Props) {
  const isSame = month?.settledPico === sum.now.costPico;
  return (
    <>
      {month && !isSame ? (
        <Notice tone="bad" title={`These amounts do not add up to the counter of ${month.name}`}>
          The sum is {exactEuros(sum.now.costPico)}, the counter says {exactEuros(month.settledPico)}. The operator
          finds what is wrong with the command verify.
        </Notice>
      ) : null}
      <Card hint={month && isSame ? <MonthLine month={month} /> : undefined}>
        <div className="grid gap-5 sm:grid-cols-3">
          {measures.map((measure) => (
            <Figure
              key={measure}
              label={measureWords[measure]}
              value={formatAmount(measure, amountOf[measure](sum.now))}
              {...(measure === "cost" && { exact: exactEuros(sum.now.costPico) })}
            >
              {days === undefined ? null : comparison(measure, sum, days)}
            </Figure>
          ))}
        </div>
      </Card>
    </>
  );
}

const comparison = (measure: Measure, { now, before }: Props["sum"], days: number): string =>
  comparisonWords(amountOf[measure](now), amountOf[measure](before), (amount) => formatAmount(measure, amount), days);

function MonthLine({ month: { name, settledPico, isOver, everywhere } }: { month: Month }) {
  if (settledPico === 0n) return `Nothing ${isOver ? "was" : "has been"} billed for ${name}.`;
  return (
    <>
      {everywhere ? "Equals what the invoice of " : "Equals this workspace’s part of the invoice of "}
      {name}
      {isOver ? " bills: " : " would bill by now: "}
      <strong className="tabular font-medium text-text" title={`${exactEuros(settledPico)}, before rounding`}>
        {formatSum(settledPico)}
      </strong>
    </>
  );
}
