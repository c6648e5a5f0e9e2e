import type { ReactNode } from "react";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { outcomeTitles, reportKindTitles } from "#lib/domain/abuse-reports/rules.ts";
import type { AbuseReport } from "#lib/domain/abuse-reports/view.ts";

const columns = [
  { key: "kind", label: "Kind" },
  { key: "where", label: "Where" },
  { key: "what", label: "What happened" },
  { key: "contact", label: "Contact" },
  { key: "received", label: "Received" },
  { key: "outcome", label: "Outcome" },
] as const;

type Props = {
  caption: string;
  reports: readonly AbuseReport[];
  acts?: (report: AbuseReport) => ReactNode;
  now: Date;
};

/** Reports of abuse as staff read them: never more than text. */
export const ReportList = ({ caption, reports, acts, now }: Props) => (
  <Table caption={caption} columns={columns}>
    {reports.map((one) => (
      <Row key={one.id} faded={one.outcome !== null}>
        <HeadCell>{reportKindTitles[one.kind]}</HeadCell>
        <Cell label="Where" wrap>
          <span className="break-all">{one.place}</span>
        </Cell>
        <Cell label="What happened" wrap>
          <span className="whitespace-pre-wrap break-words">{one.words}</span>
        </Cell>
        <Cell label="Contact" wrap>
          {one.contact ?? "None"}
        </Cell>
        <Cell label="Received">
          <Time at={one.createdAt} form="date" now={now} />
        </Cell>
        <Cell label="Outcome" wrap>
          {one.outcome ? `${outcomeTitles[one.outcome]} by ${one.decidedName}: ${one.note}` : acts?.(one)}
        </Cell>
      </Row>
    ))}
  </Table>
);
