import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Difference } from "#lib/domain/payments/reconciliation/view.ts";

const columns = [
  { key: "ref", label: "Payment at the provider" },
  { key: "what", label: "Difference" },
  { key: "found", label: "Found" },
  { key: "outcome", label: "Outcome" },
] as const;

type Props = {
  differences: readonly Difference[];
  now: Date;
  /** Left out for those that are settled. */
  settle?: Action<void>;
};

export function DifferenceTable({ differences, now, settle }: Props) {
  return (
    <Table caption="Differences" columns={columns}>
      {differences.map((difference) => (
        <Row key={`${difference.provider} ${difference.ref}`}>
          <HeadCell>
            {difference.ref} <span className="font-normal text-text-faint">{difference.provider}</span>
          </HeadCell>
          <Cell label="Difference" wrap>
            {difference.what}
          </Cell>
          <Cell label="Found">
            <Time at={difference.foundAt} now={now} />
          </Cell>
          <Cell label="Outcome" wrap>
            {difference.words ?? (settle ? <Settle difference={difference} settle={settle} /> : null)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const Settle = ({ difference: { provider, ref }, settle }: { difference: Difference; settle: Action<void> }) => (
  <FormDialog
    trigger="Settle…"
    triggerLook={{ size: "small" }}
    triggerLabel={`Settle ${ref}`}
    title={`What became of ${ref}?`}
    description="Settling changes no books: record a transfer or send money back where that is what is missing."
    submit="Settle difference"
    hidden={{ provider, ref }}
    action={settle}
  >
    <FormTextarea label="What became of it" name="words" rows={3} maxLength={500} />
  </FormDialog>
);
