import { Card } from "#components/ui/card.tsx";
import { ListFooter } from "#components/ui/list/list-footer.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { amountOf } from "#components/usage/measures.ts";
import { UsageChart } from "#components/usage/usage-chart.tsx";
import { type UsageState, usageHref } from "#components/usage/usage-state.ts";
import { UsageBuckets } from "#components/usage/usage-tables.tsx";
import type { Explored } from "#lib/domain/usage/explorer/view.ts";
import { bucketsOf, groupings, previousOf } from "#lib/domain/usage/rules.ts";

/** Days or hours of one page of the table. */
const pageLength = 31;

type Props = { explored: Explored; state: UsageState; base: string; page: number };

/** The range by day or hour, as a chart or as the table behind it. */
export function Buckets({ explored, state, base, page }: Props) {
  const title = `By ${groupings[state.by].noun.toLowerCase()}`;
  const nameOf = (id: string): string => explored.totals.find((total) => total.id === id)?.name ?? id;
  if (state.view === "chart") {
    return (
      <Card
        title={title}
        aside={<TextLink href={usageHref(base, { ...state, view: "table" })}>View as table</TextLink>}
      >
        <UsageChart
          points={explored.points}
          buckets={bucketsOf(state, state.grain)}
          measure={state.measure}
          nameOf={nameOf}
          before={state.compare === "previous" ? beforeOf(explored, state) : undefined}
        />
      </Card>
    );
  }
  return (
    <section aria-labelledby="buckets" className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between gap-4 text-ui">
        <h2 id="buckets" className="text-body font-semibold">
          {title} and {state.grain}
        </h2>
        <TextLink href={usageHref(base, { ...state, view: "chart" })}>View as chart</TextLink>
      </div>
      <BucketsTable explored={explored} state={state} base={base} page={page} nameOf={nameOf} />
    </section>
  );
}

/** The period before, laid over this one. */
function beforeOf({ before }: Explored, state: UsageState): bigint[] {
  const found = new Map(before.map(({ bucket, figures }) => [bucket, amountOf[state.measure](figures)]));
  return bucketsOf(previousOf(state), state.grain).map((bucket) => found.get(bucket) ?? 0n);
}

function BucketsTable({ explored, state, base, page, nameOf }: Props & { nameOf: (id: string) => string }) {
  const buckets = [...new Set(explored.points.map(({ bucket }) => bucket))].sort();
  const pages = Math.max(1, Math.ceil(buckets.length / pageLength));
  const current = Math.min(Math.max(1, Math.trunc(page) || 1), pages);
  const shown = new Set(buckets.slice((current - 1) * pageLength, current * pageLength));
  const points = explored.points
    .filter(({ bucket }) => shown.has(bucket))
    .sort((a, b) => (a.bucket === b.bucket ? compareAmounts(b, a, state) : a.bucket < b.bucket ? -1 : 1));
  const href = (to: number): string => usageHref(base, state, { page: String(to) });
  return (
    <UsageBuckets
      points={points}
      by={state.by}
      grain={state.grain}
      nameOf={nameOf}
      footer={
        pages > 1 ? (
          <ListFooter
            summary={`Page ${current} of ${pages}`}
            previousHref={current > 1 ? href(current - 1) : undefined}
            nextHref={current < pages ? href(current + 1) : undefined}
          />
        ) : undefined
      }
    />
  );
}

type Point = Explored["points"][number];

function compareAmounts(a: Point, b: Point, { measure }: UsageState): number {
  const [one, other] = [amountOf[measure](a), amountOf[measure](b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
