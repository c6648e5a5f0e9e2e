import { Badge } from "#components/ui/badge.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { IncidentView } from "#lib/domain/status/view.ts";

const states = [
  { value: "investigating", label: "Looking into it" },
  { value: "identified", label: "Cause found" },
  { value: "monitoring", label: "Mended, being watched" },
  { value: "resolved", label: "Over" },
];

type Props = { incidents: readonly IncidentView[]; update: Action<void>; now: Date };

/** What went wrong, with a word more to say of each. */
export function IncidentTable({ incidents, update, now }: Props) {
  if (incidents.length === 0) return null;
  return (
    <Table
      caption="Incidents"
      columns={[
        { key: "title", label: "Incident" },
        { key: "impact", label: "Impact" },
        { key: "components", label: "Components" },
        { key: "since", label: "Since" },
        { key: "over", label: "Over" },
        { key: "acts", label: "Actions", quiet: true },
      ]}
    >
      {incidents.map(({ id, title, impact, components, startedAt, resolvedAt }) => (
        <Row key={id}>
          <HeadCell>{title}</HeadCell>
          <Cell label="Impact">{impact}</Cell>
          <Cell label="Components" wrap>
            {components.join(", ")}
          </Cell>
          <Cell label="Since">
            <Time at={new Date(startedAt)} form="instant" now={now} />
          </Cell>
          <Cell label="Over">
            {resolvedAt ? <Time at={new Date(resolvedAt)} form="instant" now={now} /> : <Badge tone="bad">Open</Badge>}
          </Cell>
          <Cell align="right">
            <FormDialog
              trigger="Update"
              triggerLook={{ size: "small" }}
              triggerLabel={`Update ${title}`}
              title={`Update: ${title}`}
              submit="Publish update"
              hidden={{ id }}
              action={update}
            >
              <FormSelect label="State" name="state" options={states} />
              <FormTextarea label="What customers should know" name="words" rows={4} />
            </FormDialog>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
