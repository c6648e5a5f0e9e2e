import { ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { type AuditRow, kindOf, objectName } from "#lib/domain/audit/view.ts";
import { changeWords } from "#lib/domain/audit/words/rules.ts";
import { AuditFilters, type Chosen } from "./audit-filter.tsx";

const columns = [
  { key: "what", label: "What happened" },
  { key: "who", label: "Who" },
  { key: "at", label: "Time" },
] as const;

type Props = {
  rows: readonly AuditRow[];
  range: ListRange;
  asked: Chosen;
  /** The log's address. */
  base: string;
  /** What things are called now, by their ids. */
  names: ReadonlyMap<string, string>;
  /** What was done lately, to choose from. */
  actions: readonly string[];
  empty: ReactNode;
};

/** Rows of the audit log, newest first, in words; ids and clauses are on each row's own page. */
export function AuditList({ rows, range, asked, base, names, actions, empty }: Props) {
  return (
    <List
      isJournal
      base={base}
      asked={asked}
      noun={{ one: "audit row", many: "audit rows" }}
      caption="Audit log"
      icon={ScrollText}
      columns={columns}
      range={range}
      search="Name, action or id"
      filters={<AuditFilters chosen={asked} actions={actions} />}
      empty={empty}
    >
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>
            <TextLink href={`${base}/${row.id}`} look="row">
              {objectName(row, names)}
              <span className="font-normal text-text-soft"> · {changeWords(row)}</span>
            </TextLink>
          </HeadCell>
          <Cell label="Who">
            <Who row={row} />
          </Cell>
          <Cell label="Time">
            <Time at={row.at} form="instant" />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

/** Staff stand out, because they are what a reader of the log looks for first. */
export function Who({ row }: { row: AuditRow }) {
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
