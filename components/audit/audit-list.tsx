import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { type AuditView, kindOf } from "./audit-view.ts";

const columns = [
  { key: "action", label: "Action" },
  { key: "who", label: "Who" },
  { key: "object", label: "Object" },
  { key: "clause", label: "Clause" },
  { key: "at", label: "Time" },
] as const;

type Props = { rows: readonly AuditView[]; base: string; footer?: ReactNode };

/** Rows of the audit log, newest first; `base` is the log's address. */
export function AuditList({ rows, base, footer }: Props) {
  return (
    <Table caption="Audit log" columns={columns} footer={footer}>
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>
            <TextLink href={`${base}/${row.id}`} look="row">
              {row.action}
            </TextLink>
          </HeadCell>
          <Cell label="Who">
            <Who row={row} />
          </Cell>
          <Cell label="Object">
            <span title={row.objectId}>
              {row.objectType} <Code>{shortened(row.objectId)}</Code>
            </span>
          </Cell>
          <Cell label="Clause">{row.clause ?? ""}</Cell>
          <Cell label="Time">
            <Time at={row.at} form="instant" />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** Staff stand out: whoever reads the log wants to see them first. */
export function Who({ row }: { row: AuditView }) {
  const kind = kindOf(row.actorKind);
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {row.actorName}
      {kind ? (
        <Badge plain tone={row.actorKind === "staff" ? "warn" : "neutral"}>
          {kind}
        </Badge>
      ) : null}
    </span>
  );
}

const shortened = (id: string): string => (id.length > 16 ? `${id.slice(0, 4)}…${id.slice(-5)}` : id);
