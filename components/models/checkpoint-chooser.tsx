import { ButtonForm } from "#components/ui/button-form.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Checkpoint = { step: number; trainLoss: number | null; validLoss: number | null; accuracy: number | null };

type Props = {
  /** The tuned model's id. */
  model: string;
  /** The step that answers now. */
  step: number;
  checkpoints: readonly Checkpoint[];
  action: Action<void>;
};

const columns = [
  { key: "step", label: "Step" },
  { key: "train", label: "Training loss", align: "right" },
  { key: "valid", label: "Validation loss", align: "right" },
  { key: "accuracy", label: "Accuracy", align: "right" },
  { key: "use", label: "Answers" },
] as const;

const figure = (value: number | null, digits = 3): string => (value === null ? "–" : value.toFixed(digits));

/** Which checkpoint of its job a tuned model answers from. */
export function CheckpointChooser({ model, step, checkpoints, action }: Props) {
  return (
    <Table caption="Checkpoints" columns={columns}>
      {checkpoints.map((one) => (
        <Row key={one.step}>
          <HeadCell>{one.step}</HeadCell>
          <Cell label="Training loss" align="right">
            {figure(one.trainLoss)}
          </Cell>
          <Cell label="Validation loss" align="right">
            {figure(one.validLoss)}
          </Cell>
          <Cell label="Accuracy" align="right">
            {one.accuracy === null ? "–" : `${(one.accuracy * 100).toFixed(1)} %`}
          </Cell>
          <Cell label="Answers">
            {one.step === step ? (
              "This one"
            ) : (
              <ButtonForm button={`Use step ${one.step}`} values={{ model, step: String(one.step) }} act={action} />
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
