import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { WebhookView } from "#lib/domain/integrations/view.ts";
import { stateOf } from "./webhook-states.ts";

const columns = [
  { key: "url", label: "Address" },
  { key: "events", label: "Events" },
  { key: "state", label: "State" },
  { key: "at", label: "Added" },
] as const;

export function WebhookList({ webhooks, base, now }: { webhooks: readonly WebhookView[]; base: string; now: Date }) {
  return (
    <Table caption="Webhooks" columns={columns}>
      {webhooks.map((webhook) => {
        const { tone, word } = stateOf(webhook);
        return (
          <Row key={webhook.id} faded={!webhook.enabled}>
            <HeadCell>
              <TextLink look="row" href={`${base}/${webhook.id}`}>
                <span className="break-all">{webhook.url}</span>
              </TextLink>
              {webhook.description ? <p className="font-normal text-text-soft">{webhook.description}</p> : null}
            </HeadCell>
            <Cell label="Events">
              {webhook.eventTypes.length === 1 ? webhook.eventTypes[0] : `${webhook.eventTypes.length} types`}
            </Cell>
            <Cell label="State">
              <Badge tone={tone}>{word}</Badge>
            </Cell>
            <Cell label="Added">
              <Time at={webhook.createdAt} now={now} />
            </Cell>
          </Row>
        );
      })}
    </Table>
  );
}
