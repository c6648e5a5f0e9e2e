import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Cell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { UpstreamSeen } from "#lib/domain/models/upstreams/view.ts";

const states: Record<UpstreamSeen["state"], { tone: Tone; word: string }> = {
  closed: { tone: "good", word: "Answers" },
  half_open: { tone: "warn", word: "Being tried" },
  open: { tone: "bad", word: "Left alone" },
};

const columns = [
  { key: "upstream", label: "Upstream" },
  { key: "model", label: "Model" },
  { key: "state", label: "State" },
  { key: "since", label: "Since" },
  { key: "reason", label: "Last failure" },
  { key: "process", label: "Process" },
];

/** How each process finds each upstream. */
export function UpstreamTable({ rows, now }: { rows: readonly UpstreamSeen[]; now: Date }) {
  return (
    <Table caption="Upstreams" columns={columns}>
      {rows.map(({ processId, upstream, model, state, since, reason }) => (
        <Row key={`${processId} ${upstream} ${model}`}>
          <Cell label="Upstream">{upstream}</Cell>
          <Cell label="Model">{model}</Cell>
          <Cell label="State">
            <Badge tone={states[state].tone}>{states[state].word}</Badge>
          </Cell>
          <Cell label="Since">
            <Time at={since} now={now} />
          </Cell>
          <Cell label="Last failure">{reason ?? "None"}</Cell>
          <Cell label="Process">{processId}</Cell>
        </Row>
      ))}
    </Table>
  );
}
