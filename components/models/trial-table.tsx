import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatEuros, pico } from "#lib/core/money.ts";
import type { Trial } from "#lib/domain/lifecycle/trials/view.ts";

const columns = [
  { key: "at", label: "Tried" },
  { key: "by", label: "By" },
  { key: "verdicts", label: "Better, same, worse" },
  { key: "cost", label: "Cost before and after", align: "right" },
  { key: "time", label: "Time before and after", align: "right" },
] as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Trials from before: how they were judged and what they took. What was asked and answered is not kept with them. */
export const TrialTable = ({ trials }: { trials: readonly Trial[] }) => (
  <Table caption="Trials" columns={columns}>
    {trials.map((trial) => (
      <Row key={trial.id}>
        <HeadCell>
          <Time at={trial.at} />
        </HeadCell>
        <Cell label="By">{trial.byName ?? "–"}</Cell>
        <Cell label="Better, same, worse">{`${trial.better}, ${trial.same}, ${trial.worse}`}</Cell>
        <Cell label="Cost before and after" align="right">
          {formatEuros(pico(trial.costPico))} → {formatEuros(pico(trial.replacementCostPico))}
        </Cell>
        <Cell label="Time before and after" align="right">
          {seconds(trial.ms)} → {seconds(trial.replacementMs)}
        </Cell>
      </Row>
    ))}
  </Table>
);
