import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatEuros } from "#lib/money.ts";
import { KeyStateBadge } from "./key-state-badge.tsx";
import { isEnded, type KeyView, maskedKey } from "./key-view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "key", label: "Key" },
  { key: "owner", label: "Created by" },
  { key: "used", label: "Last used" },
  { key: "month", label: "This month", align: "right" },
  { key: "state", label: "Status" },
] as const;

/** Every key of a workspace; `base` is the address of the list. */
export function KeyList({ keys, base, now }: { keys: readonly KeyView[]; base: string; now: Date }) {
  return (
    <Table caption="API keys" columns={columns}>
      {keys.map((key) => (
        <Row key={key.id} faded={isEnded(key)}>
          <HeadCell>
            <TextLink href={`${base}/${key.id}`} look="row">
              {key.name}
            </TextLink>
          </HeadCell>
          <Cell label="Key">
            <Code>{maskedKey(key)}</Code>
          </Cell>
          <Cell label="Created by">{key.ownerName}</Cell>
          <Cell label="Last used">{key.lastUsedAt ? <Time at={key.lastUsedAt} now={now} /> : "Never"}</Cell>
          <Cell label="This month" align="right">
            {formatEuros(key.monthPico)}
          </Cell>
          <Cell label="Status">
            <KeyStateBadge state={key} now={now} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
