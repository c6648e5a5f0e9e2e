import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { MaintenanceView } from "#lib/domain/status/view.ts";

type Props = { maintenances: readonly MaintenanceView[]; cancel: Action<void>; now: Date };

/** Planned work; what is still to come can be taken back. */
export function MaintenanceTable({ maintenances, cancel, now }: Props) {
  if (maintenances.length === 0) return null;
  return (
    <Table
      caption="Planned work"
      columns={[
        { key: "title", label: "Planned work" },
        { key: "components", label: "Components" },
        { key: "from", label: "From" },
        { key: "to", label: "To" },
        { key: "state", label: "State" },
        { key: "acts", label: "Actions", quiet: true },
      ]}
    >
      {maintenances.map((one) => (
        <Row key={one.id}>
          <HeadCell>{one.title}</HeadCell>
          <Cell label="Components" wrap>
            {one.components.join(", ")}
          </Cell>
          <Cell label="From">
            <Time at={new Date(one.startsAt)} form="instant" now={now} />
          </Cell>
          <Cell label="To">
            <Time at={new Date(one.endsAt)} form="instant" now={now} />
          </Cell>
          <Cell label="State">
            <State maintenance={one} now={now} />
          </Cell>
          <Cell align="right">
            {one.cancelledAt === null && new Date(one.endsAt) > now ? (
              <ButtonForm button="Cancel" values={{ id: one.id }} act={cancel} />
            ) : null}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function State({
  maintenance: { cancelledAt, endsAt, startsAt, toldAt },
  now,
}: {
  maintenance: MaintenanceView;
  now: Date;
}) {
  if (cancelledAt) return <Badge tone="neutral">Cancelled</Badge>;
  if (new Date(endsAt) <= now) return <Badge tone="neutral">Over</Badge>;
  if (new Date(startsAt) <= now) return <Badge tone="warn">Under way</Badge>;
  return toldAt ? <Badge tone="info">Announced</Badge> : <Badge tone="warn">Not announced yet</Badge>;
}
