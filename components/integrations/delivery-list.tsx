import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DeliveryView } from "#lib/domain/integrations/view.ts";
import { deliveryStates } from "./webhook-states.ts";

const columns = [
  { key: "type", label: "Event" },
  { key: "state", label: "State" },
  { key: "attempts", label: "Attempts", align: "right" },
  { key: "next", label: "Next attempt" },
  { key: "at", label: "Time" },
] as const;

type Props = { deliveries: readonly DeliveryView[]; base: string; now: Date; footer?: ReactNode };

/** What was sent to an endpoint, newest first. */
export function DeliveryList({ deliveries, base, now, footer }: Props) {
  return (
    <Table caption="Deliveries" columns={columns} footer={footer}>
      {deliveries.map(({ id, type, state, attempts, nextAt, createdAt, replayOf }) => (
        <Row key={id}>
          <HeadCell>
            <TextLink look="row" href={`${base}/${id}`}>
              {type}
            </TextLink>
            {replayOf ? <span className="font-normal text-text-faint"> again</span> : null}
          </HeadCell>
          <Cell label="State">
            <Badge tone={deliveryStates[state].tone}>{deliveryStates[state].word}</Badge>
          </Cell>
          <Cell label="Attempts" align="right">
            {attempts}
          </Cell>
          <Cell label="Next attempt">{nextAt ? <Time at={nextAt} now={now} /> : ""}</Cell>
          <Cell label="Time">
            <Time at={createdAt} form="instant" />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
