import { MeasureCells, type Measured, measureColumns } from "#components/fine-tuning/measures.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Checkpoint = Measured & { step: number };

type Props = {
  /** The tuned model's id. */
  model: string;
  /** The step that answers now. */
  step: number;
  checkpoints: readonly Checkpoint[];
  /** Where each is compared with the base, for who may see that. */
  reviewHref: string | undefined;
  action: Action<void>;
};

const columns = [{ key: "step", label: "Step" }, ...measureColumns, { key: "use", label: "Answers" }];

/** Which checkpoint of its job a tuned model answers from. */
export function CheckpointChooser({ model, step, checkpoints, reviewHref, action }: Props) {
  return (
    <Table caption="Checkpoints" columns={columns}>
      {checkpoints.map((one) => (
        <Row key={one.step}>
          <HeadCell>
            {reviewHref ? <TextLink href={`${reviewHref}?step=${one.step}`}>{one.step}</TextLink> : one.step}
          </HeadCell>
          <MeasureCells of={one} />
          <Cell label="Answers">
            {one.step === step ? (
              "This one"
            ) : (
              <div className="w-fit max-sm:ml-auto">
                <ButtonForm button={`Use step ${one.step}`} values={{ model, step: String(one.step) }} act={action} />
              </div>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
