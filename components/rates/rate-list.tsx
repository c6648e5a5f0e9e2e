import { Badge } from "#components/ui/badge.tsx";
import { dateWords } from "#components/ui/time-words.ts";
import { amountWords, lastDayOf } from "#lib/domain/rates/rules.ts";
import { countedWords, type GaugeView, type LimitRow, limitRows, stateOf, usedWords } from "./gauge-view.ts";
import { RateBar } from "./rate-bar.tsx";

/** Every limit that can refuse a request, each with its document and how much of it is used. */
export function RateList({ gauges, at }: { gauges: readonly GaugeView[]; at: Date }) {
  return (
    <ul className="divide-y divide-line">
      {limitRows(gauges).map((row) => (
        <li key={row.key} className="grid gap-x-8 gap-y-3 px-4 py-3.5 sm:grid-cols-2">
          <Stated row={row} />
          <div className="flex flex-col gap-2.5">
            {row.gauges.map((gauge) => (
              <UsedNow key={gauge.model} gauge={gauge} row={row} at={at} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Stated({ row }: { row: LimitRow }) {
  const { document, reason, expiresAt } = row.source;
  return (
    <div className="text-ui">
      <h3 className="tabular text-body font-medium">{amountWords(row.kind, row.value)}</h3>
      <p className="text-text-soft">{countedWords(row)}</p>
      <p className="mt-1 text-meta text-text-faint">
        {document}
        {expiresAt ? `, to the end of ${dateWords(lastDayOf(new Date(expiresAt)))}` : null}
        {reason && row.scope === "organization" ? `: ${reason}` : null}
      </p>
    </div>
  );
}

function UsedNow({ gauge, row, at }: { gauge: GaugeView; row: LimitRow; at: Date }) {
  const state = stateOf(gauge);
  const words = usedWords(gauge, at);
  const name = gauge.model ?? "All models";
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-meta">
        <span className="text-text-soft">{name}</span>
        <span className="tabular text-text-soft">
          {state === "near" || state === "reached" ? <StateBadge state={state} /> : null} {words}
        </span>
      </p>
      <RateBar
        label={`${name}, ${amountWords(row.kind, row.value)}`}
        used={gauge.used}
        value={gauge.value}
        state={state}
        words={words}
      />
    </div>
  );
}

const StateBadge = ({ state }: { state: "near" | "reached" }) => (
  <Badge tone={state === "near" ? "warn" : "bad"}>{state === "near" ? "Near the limit" : "Limit reached"}</Badge>
);
