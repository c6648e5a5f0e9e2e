import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { formatEuros } from "#lib/money.ts";
import { formatCount, type UsageDay } from "./measures.ts";
import { totalsOf, type UsageTotal } from "./usage-series.ts";

const figures = [
  { key: "requests", label: "Requests", align: "right" },
  { key: "failed", label: "Failed", align: "right" },
  { key: "prompt", label: "Prompt tokens", align: "right" },
  { key: "cached", label: "Cached", align: "right" },
  { key: "completion", label: "Answer tokens", align: "right" },
  { key: "cost", label: "Cost", align: "right" },
] as const;

type Props = { rows: readonly UsageDay[]; by: "model" | "key" };

const nouns = { model: "Model", key: "Key" } as const;

/** The range summed up, one row for each model or key. */
export function UsageTotals({ rows, by }: Props) {
  return (
    <Table caption={`Usage by ${by}`} columns={[{ key: "name", label: nouns[by] }, ...figures]}>
      {totalsOf(rows).map((total) => (
        <Row key={total.id}>
          <HeadCell>{total.name}</HeadCell>
          <FigureCells sums={total} />
        </Row>
      ))}
    </Table>
  );
}

/** The chart's values, one row for each day and model or key. */
export function UsageDays({ rows, by }: Props) {
  return (
    <Table
      caption={`Usage by day and ${by}`}
      columns={[{ key: "day", label: "Day (UTC)" }, { key: "name", label: nouns[by] }, ...figures]}
    >
      {rows.map((row) => (
        <Row key={`${row.day} ${row.id}`}>
          <HeadCell>
            <span className="tabular whitespace-nowrap">{row.day}</span>
          </HeadCell>
          <Cell label={nouns[by]}>{row.name}</Cell>
          <FigureCells sums={row} />
        </Row>
      ))}
    </Table>
  );
}

function FigureCells({ sums }: { sums: UsageTotal }) {
  const texts = {
    requests: formatCount(sums.requests),
    failed: formatCount(sums.failed),
    prompt: formatCount(sums.promptTokens),
    cached: formatCount(sums.cachedTokens),
    completion: formatCount(sums.completionTokens),
    cost: formatEuros(sums.costPico),
  };
  return figures.map(({ key, label }) => (
    <Cell key={key} label={label} align="right">
      {texts[key]}
    </Cell>
  ));
}
