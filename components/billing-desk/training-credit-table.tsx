import { FormDialog } from "#components/ui/form-dialog.tsx";
import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { exactEuros } from "#lib/core/money.ts";
import type { TrainingCredit } from "#lib/domain/fine-tuning/credits/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "failure", label: "Why it failed" },
  { key: "ended", label: "Ended" },
  { key: "due", label: "Due back", align: "right" },
  { key: "give", label: "Credit" },
] as const;

type Props = { credits: readonly TrainingCredit[]; now: Date; give: Action<void> };

/** Trainings that failed on our side after months of them were billed. */
export const TrainingCreditTable = ({ credits, now, give }: Props) => (
  <Table caption="Trainings to give back" columns={columns}>
    {credits.map(({ organizationId, organizationName, job, endedAt, failure, duePico }) => (
      <Row key={job}>
        <HeadCell>
          <TextLink look="row" href={`/staff/billing/accounts/${organizationId}`}>
            {organizationName}
          </TextLink>
        </HeadCell>
        <Cell label="Why it failed" wrap>
          {failure}
        </Cell>
        <Cell label="Ended">{endedAt ? <Time at={endedAt} now={now} /> : null}</Cell>
        <NumberCells values={{ "Due back": exactEuros(duePico) }} />
        <Cell label="Credit">
          <FormDialog
            trigger="Give credit…"
            triggerLook={{ size: "small" }}
            triggerLabel={`Give credit to ${organizationName}`}
            title={`Give ${exactEuros(duePico)} back?`}
            description="The amount is rounded up to a cent, and is the customer's credit from now on."
            submit="Give credit"
            hidden={{ organizationId, job }}
            action={give}
          >
            {null}
          </FormDialog>
        </Cell>
      </Row>
    ))}
  </Table>
);
