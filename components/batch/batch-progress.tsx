import { Card } from "#components/ui/card.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { exactEuros, formatSum } from "#lib/core/money.ts";
import type { BatchNow } from "./batch-now.ts";

const counted = (count: number): string => count.toLocaleString("en-IE");

/** How far a batch is: a bar of answers and refusals, and what it cost so far. */
export function BatchProgress({ now }: { now: BatchNow }) {
  const { total, answered, refused, tokens, costPico, isOver } = now;
  const shareOf = (part: number): number => (total === 0 ? 0 : (part * 100) / total);
  const cost = BigInt(costPico);
  return (
    <Card title="Progress">
      <div className="flex flex-col gap-4">
        <div
          role="progressbar"
          aria-label="Requests that have an answer or an error"
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={answered + refused}
        >
          <svg aria-hidden="true" className="block h-2.5 w-full overflow-hidden rounded-full">
            <rect width="100%" height="100%" className="fill-line" />
            <rect width={`${shareOf(answered)}%`} height="100%" className="fill-good" />
            <rect x={`${shareOf(answered)}%`} width={`${shareOf(refused)}%`} height="100%" className="fill-bad" />
          </svg>
        </div>
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Figure label="Answered" value={counted(answered)}>
            of {counted(total)}
          </Figure>
          <Figure label="With an error" value={counted(refused)} />
          <Figure label="Tokens" value={counted(tokens)} />
          <Figure label={isOver ? "Cost" : "Cost so far"} value={formatSum(cost)} exact={exactEuros(cost)}>
            at half price
          </Figure>
        </div>
      </div>
    </Card>
  );
}
