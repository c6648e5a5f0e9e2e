import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatEuros } from "#lib/core/money.ts";
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

type Props = {
  keys: readonly KeyView[];
  /** The address of the list. */
  base: string;
  /** By key, for those who may see limits. */
  limits: ReadonlyMap<string, KeyLimit>;
  now: Date;
};

/** What of a key's limits a list shows. */
export type KeyLimit = { monthPico: bigint | null; isReached: boolean };

/** Every key of a workspace. */
export function KeyList({ keys, base, limits, now }: Props) {
  return (
    <Table caption="API keys" columns={columns}>
      {keys.map((key) => (
        <Row key={key.id} faded={isEnded(key)}>
          <HeadCell>
            <TextLink href={`${base}/${key.id}`} look="row">
              {key.name}
            </TextLink>
            {key.isService ? (
              <span className="ml-2 align-middle">
                <Badge plain>Service key</Badge>
              </span>
            ) : null}
          </HeadCell>
          <Cell label="Key">
            <Code>{maskedKey(key)}</Code>
          </Cell>
          <Cell label="Created by">{key.ownerName}</Cell>
          <Cell label="Last used">{key.lastUsedAt ? <Time at={key.lastUsedAt} now={now} /> : "Never"}</Cell>
          <Cell label="This month" align="right">
            <Spent spentPico={key.monthPico} limitPico={limits.get(key.id)?.monthPico ?? null} />
          </Cell>
          <Cell label="Status">
            {limits.get(key.id)?.isReached && !isEnded(key) ? (
              <Badge tone="bad">Limit reached</Badge>
            ) : (
              <KeyStateBadge state={key} now={now} />
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function Spent({ spentPico, limitPico }: { spentPico: bigint; limitPico: bigint | null }) {
  if (limitPico === null) return formatEuros(spentPico);
  return (
    <span>
      {formatEuros(spentPico)} <span className="text-text-soft">of {formatEuros(limitPico)}</span>
    </span>
  );
}
