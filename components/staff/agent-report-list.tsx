import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DeskReport } from "#lib/domain/agents/reports/desk/view.ts";
import { reasonWords } from "#lib/domain/agents/reports/rules.ts";

type Decision = "renamed" | "dismissed" | "deleted";

type Props = {
  reports: readonly DeskReport[];
  now: Date;
  actions?: (report: DeskReport) => ReactNode;
  /** In the place of what was written, until there is a reason to read it. */
  look: (report: DeskReport) => ReactNode;
};

const columns = [
  { key: "agent", label: "Agent" },
  { key: "report", label: "What was said" },
  { key: "at", label: "Reported" },
  { key: "decision", label: "Decision" },
] as const;

const decisions: Record<Decision, { tone: Tone; words: string }> = {
  renamed: { tone: "good", words: "Renamed" },
  dismissed: { tone: "neutral", words: "Dismissed" },
  deleted: { tone: "neutral", words: "Deleted by its owner" },
};

/** What was said of the names of agents: as they were called then, and are called now. */
export function AgentReportList({ reports, now, actions, look }: Props) {
  return (
    <Table caption="Reports of agents" columns={columns}>
      {reports.map((report) => (
        <Row key={report.id}>
          <HeadCell>
            <span className="block py-2 break-words">
              {report.name} <span className="font-normal text-text-faint">@{report.handle}</span>
              <span className="block text-meta font-normal text-text-faint">
                {report.organizationName}
                {nowWords(report)}
              </span>
            </span>
          </HeadCell>
          <Cell label="What was said" wrap>
            <span className="block py-2">
              {reasonWords[report.reason]}
              {report.isHidden ? (
                look(report)
              ) : (
                <span className="block break-words text-text-soft">{report.details}</span>
              )}
            </span>
          </Cell>
          <Cell label="Reported">
            <Time at={report.reportedAt} now={now} />
          </Cell>
          <Cell label="Decision" wrap>
            <Decided report={report} actions={actions} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function nowWords({ name, handle, currentName, currentHandle }: DeskReport): string {
  if (currentName === null) return ", deleted since";
  return currentName === name && currentHandle === handle ? "" : `, now ${currentName} @${currentHandle}`;
}

function Decided({ report, actions }: { report: DeskReport; actions: Props["actions"] }) {
  if (!report.decision) return <span className="flex flex-wrap gap-2 py-2">{actions?.(report)}</span>;
  const { tone, words } = decisions[report.decision];
  return (
    <span className="block py-2">
      <Badge tone={tone}>{words}</Badge>
      <span className="block break-words text-text-soft">
        {report.decidedByName}
        {report.answer === null ? null : `: ${report.answer}`}
      </span>
    </span>
  );
}
