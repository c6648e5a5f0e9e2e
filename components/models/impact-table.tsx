import type { ReactNode } from "react";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCount } from "#components/usage/measures.ts";
import type { ImpactKind, ImpactRow } from "#lib/domain/lifecycle/impact/view.ts";

const kindWords: Record<ImpactKind, string> = {
  key: "API key",
  agent: "Agent",
  "tuned-model": "Tuned model",
  "allow-list": "Models of a key",
  limit: "Rate limit",
};

const columns = [
  { key: "name", label: "Name" },
  { key: "kind", label: "What" },
  { key: "sent", label: "Asks for" },
  { key: "requests", label: "Requests", align: "right" },
  { key: "last", label: "Last" },
  { key: "owner", label: "Owner" },
  { key: "change", label: "What to change" },
] as const;

/** What a model's end concerns, the most used first. `children` offers what can be done about a row. */
export function ImpactTable({
  rows,
  children,
}: {
  rows: readonly ImpactRow[];
  children: (row: ImpactRow) => ReactNode;
}) {
  return (
    <Table caption="What the end concerns" columns={columns}>
      {rows.map((row) => (
        <Row key={`${row.kind} ${row.id} ${row.sentName}`}>
          <HeadCell>{row.name}</HeadCell>
          <Cell label="What">{kindWords[row.kind]}</Cell>
          <Cell label="Asks for" wrap>
            {row.sentName}
          </Cell>
          <Cell label="Requests" align="right">
            {row.requests > 0 ? formatCount(row.requests) : "–"}
          </Cell>
          <Cell label="Last">{row.lastAt ? <Time at={row.lastAt} /> : "–"}</Cell>
          <Cell label="Owner">{row.owner ?? "–"}</Cell>
          <Cell label="What to change" wrap>
            <span className="flex flex-col items-start gap-1.5 max-sm:items-end">
              {row.change}
              {children(row)}
            </span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
