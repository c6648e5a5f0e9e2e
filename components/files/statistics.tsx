import { Card } from "#components/ui/card.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { grouped } from "./file-words.ts";

export type Bar = { label: string; value: number };

/** What a page says of a data set in numbers. */
export type StatisticsView = {
  figures: readonly { label: string; value: string; note?: string }[];
  roles: readonly Bar[];
  lengths: readonly Bar[];
};

export const FileStatistics = ({ view: { figures, roles, lengths } }: { view: StatisticsView }) => (
  <div className="flex flex-col gap-5">
    <Card title="In numbers">
      <div className="grid grid-cols-4 gap-5 max-lg:grid-cols-2">
        {figures.map(({ label, value, note }) => (
          <Figure key={label} label={label} value={value}>
            {note}
          </Figure>
        ))}
      </div>
    </Card>
    {roles.some(({ value }) => value > 0) ? (
      <Card title="Messages by role">
        <Bars bars={roles} unit="messages" />
      </Card>
    ) : null}
    {lengths.length > 0 ? (
      <Card title="Samples by length" description="How many samples have up to so many tokens.">
        <Bars bars={lengths} unit="samples" />
      </Card>
    ) : null}
  </div>
);

function Bars({ bars, unit }: { bars: readonly Bar[]; unit: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1.5 text-ui">
      {bars.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-text-soft">{label}</dt>
          <dd aria-hidden="true">
            <svg className="block h-2 w-full" role="presentation">
              <rect width="100%" height="8" rx="4" className="fill-sunken" />
              <rect width={`${(value / most) * 100}%`} height="8" rx="4" className="fill-accent" />
            </svg>
          </dd>
          <dd className="tabular text-right">
            {grouped(value)} <span className="sr-only">{unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
