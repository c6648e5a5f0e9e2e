import type { ReactNode } from "react";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { exactEuros, formatSum } from "#lib/core/money.ts";
import type { UsagePoint, UsageTotal } from "#lib/domain/usage/explorer/view.ts";
import { type Grain, type Grouping, groupings } from "#lib/domain/usage/rules.ts";
import { amountOf, changeWords, type Figures, formatAmount, formatCount, type Measure } from "./measures.ts";

export const figureColumns = [
  { key: "requests", label: "Requests", align: "right" },
  { key: "failed", label: "Failed", align: "right" },
  { key: "prompt", label: "Prompt tokens", align: "right" },
  { key: "cached", label: "Cached", align: "right" },
  { key: "completion", label: "Answer tokens", align: "right" },
  { key: "cost", label: "Cost", align: "right" },
] as const;

export const comparedColumns = [
  { key: "before", label: "Before", align: "right" },
  { key: "change", label: "Change", align: "right" },
] as const;

type TotalsProps = {
  totals: readonly UsageTotal[];
  sum: Omit<UsageTotal, "id" | "name">;
  by: Grouping;
  /** What is compared with the period before; nothing is without it. */
  compare: Measure | undefined;
};

/** The range summed up, one row for each thing it is grouped by, and all of them together. */
export function UsageTotals({ totals, sum, by, compare }: TotalsProps) {
  const noun = groupings[by].noun;
  const columns = [{ key: "name", label: noun }, ...figureColumns, ...(compare ? comparedColumns : [])];
  return (
    <Table caption={`Usage by ${noun.toLowerCase()}`} columns={columns}>
      {totals.map((total) => (
        <TotalRow key={total.id} of={total} compare={compare} />
      ))}
      <SumRow sum={sum} compare={compare} />
    </Table>
  );
}

/** What is left of a period beside the rows that are listed has no page of its own. */
type RowProps = { of: UsageTotal; compare: Measure | undefined; href?: string };

export const TotalRow = ({ of: total, compare, href }: RowProps) => (
  <Row>
    <HeadCell>
      {href ? (
        <TextLink href={href} look="row">
          {total.name}
        </TextLink>
      ) : (
        total.name
      )}
    </HeadCell>
    <FigureCells figures={total.now} />
    {compare ? <ComparedCells total={total} measure={compare} /> : null}
  </Row>
);

export const SumRow = ({ sum, compare }: Pick<TotalsProps, "sum" | "compare">) => (
  <Row>
    <HeadCell>
      <strong className="font-semibold">Total</strong>
    </HeadCell>
    <FigureCells figures={sum.now} isSum />
    {compare ? <ComparedCells total={sum} measure={compare} /> : null}
  </Row>
);

type BucketsProps = {
  points: readonly UsagePoint[];
  by: Grouping;
  grain: Grain;
  nameOf: (id: string) => string;
  footer: ReactNode;
};

/** The chart's values, one row for each day or hour and thing it is grouped by. */
export function UsageBuckets({ points, by, grain, nameOf, footer }: BucketsProps) {
  const noun = groupings[by].noun;
  const first = { key: "start", label: grain === "day" ? "Day (UTC)" : "Hour (UTC)" };
  return (
    <Table
      caption={`Usage by ${grain} and ${noun.toLowerCase()}`}
      columns={[first, { key: "name", label: noun }, ...figureColumns]}
      footer={footer}
    >
      {points.map((point) => (
        <Row key={`${point.bucket} ${point.id}`}>
          <HeadCell>
            <span className="tabular whitespace-nowrap">
              {grain === "day" ? point.bucket : `${point.bucket.replace("T", " ")}:00`}
            </span>
          </HeadCell>
          <Cell label={noun}>{point.id === null ? "Other" : nameOf(point.id)}</Cell>
          <FigureCells figures={point} />
        </Row>
      ))}
    </Table>
  );
}

function FigureCells({ figures: its, isSum = false }: { figures: Figures; isSum?: boolean }) {
  const texts = {
    requests: formatCount(its.requests),
    failed: formatCount(its.failed),
    prompt: formatCount(its.promptTokens),
    cached: formatCount(its.cachedTokens),
    completion: formatCount(its.completionTokens),
    cost: formatSum(its.costPico),
  };
  return figureColumns.map(({ key, label }) => (
    <Cell key={key} label={label} align="right">
      <span
        className={isSum ? "font-semibold" : undefined}
        title={key === "cost" ? exactEuros(its.costPico) : undefined}
      >
        {texts[key]}
      </span>
    </Cell>
  ));
}

function ComparedCells({ total, measure }: { total: Omit<UsageTotal, "id" | "name">; measure: Measure }) {
  const [now, before] = [amountOf[measure](total.now), amountOf[measure](total.before)];
  return (
    <>
      <Cell label="Before" align="right">
        <span className="text-text-soft">{formatAmount(measure, before)}</span>
      </Cell>
      <Cell label="Change" align="right">
        <span className="text-text-soft">{changeWords(now, before) || "–"}</span>
      </Cell>
    </>
  );
}
