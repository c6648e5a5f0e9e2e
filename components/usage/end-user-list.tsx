import { Users } from "lucide-react";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import type { ListPlace } from "#lib/core/list/rules.ts";
import type { UsageTotal } from "#lib/domain/usage/explorer/view.ts";
import { endUserOrder, type endUserSorts } from "#lib/domain/usage/rules.ts";
import type { Figures, Measure } from "./measures.ts";
import { comparedColumns, figureColumns, SumRow, TotalRow } from "./usage-tables.tsx";

type EndUserSort = (typeof endUserSorts)[number];

const columns: readonly ListColumn<EndUserSort>[] = [
  { key: "name", label: "End user", sorts: "name" },
  ...figureColumns.map((column) => ({ ...column, sorts: `-${column.key}` as const })),
];

type Sum = { now: Figures; before: Figures };

type Props = {
  totals: readonly UsageTotal[];
  range: ListRange;
  asked: ListPlace<EndUserSort>;
  base: string;
  /** The rest of the page's address. */
  kept: Readonly<Record<string, string>>;
  measure: Measure;
  isCompared: boolean;
  /** What the page's rows leave of the sum: other end users, and requests that named none. */
  rest: readonly UsageTotal[];
  sum: Sum;
  /** The requests of an end user, for those who can see the log. */
  hrefOf: ((endUser: string) => string) | undefined;
};

/** The end users of a period, a page at a time, and all the rest of it below, so that the rows add up. */
export function EndUserList({ totals, range, asked, base, kept, measure, isCompared, rest, sum, hrefOf }: Props) {
  const compare = isCompared ? measure : undefined;
  return (
    <List
      base={base}
      asked={asked}
      kept={kept}
      order={endUserOrder[measure]}
      noun={{ one: "end user", many: "end users" }}
      caption="Usage by end user"
      icon={Users}
      columns={isCompared ? [...columns, ...comparedColumns] : columns}
      range={range}
      search="End user"
      empty={null}
    >
      {totals.map((total) => (
        <TotalRow key={total.id} of={total} compare={compare} {...(hrefOf && { href: hrefOf(total.id) })} />
      ))}
      {rest.map((total) => (
        <TotalRow key={total.id} of={total} compare={compare} />
      ))}
      <SumRow sum={sum} compare={compare} />
    </List>
  );
}
