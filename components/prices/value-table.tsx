import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { dateWords } from "#components/ui/time-words.ts";
import type { ValueRow } from "#lib/domain/contract/values/view.ts";

const columns = [
  { key: "what", label: "What" },
  { key: "value", label: "Value" },
  { key: "source", label: "From" },
  { key: "until", label: "Can change" },
] as const;

type Props = { caption: string; rows: readonly ValueRow[]; workspaceId: string };

/** Values of the contract, each with the document and the clause it comes from, and what it goes before. */
export function ValueTable({ caption, rows, workspaceId }: Props) {
  return (
    <Table caption={caption} columns={columns}>
      {rows.map((row) => (
        <Row key={row.key}>
          <HeadCell>
            <span id={row.key}>{row.words}</span>
          </HeadCell>
          <Cell label="Value" wrap>
            {row.value}
          </Cell>
          <Cell label="From" wrap>
            <Source row={row} workspaceId={workspaceId} />
          </Cell>
          <Cell label="Can change" wrap>
            {row.until ? dateWords(row.until) : "By notice only"}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function Source({ row: { source, clause, overruled }, workspaceId }: { row: ValueRow; workspaceId: string }) {
  const href = source.href?.startsWith("/legal/") ? source.href : source.href && `/${workspaceId}${source.href}`;
  return (
    <>
      {href ? <TextLink href={href}>{source.title}</TextLink> : source.title}
      <span className="text-text-soft">, {clause}</span>
      {overruled.map(({ value, title }) => (
        <s key={`${title} ${value}`} className="block text-meta text-text-faint">
          {value} ({title})
        </s>
      ))}
    </>
  );
}
