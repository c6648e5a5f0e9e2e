import { Cell } from "#components/ui/table.tsx";

export type Measured = { trainLoss: number | null; validLoss: number | null; accuracy: number | null };

/** What is measured of a step, as columns of a table. */
export const measureColumns = [
  { key: "train", label: "Training loss", align: "right" },
  { key: "valid", label: "Validation loss", align: "right" },
  { key: "accuracy", label: "Accuracy", align: "right" },
] as const;

export const lossWords = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
export const shareWords = (value: number | null): string => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);

export function MeasureCells({ of: { trainLoss, validLoss, accuracy } }: { of: Measured }) {
  return (
    <>
      <Cell label="Training loss" align="right">
        {lossWords(trainLoss)}
      </Cell>
      <Cell label="Validation loss" align="right">
        {lossWords(validLoss)}
      </Cell>
      <Cell label="Accuracy" align="right">
        {shareWords(accuracy)}
      </Cell>
    </>
  );
}
