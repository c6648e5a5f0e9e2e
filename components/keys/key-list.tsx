import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { TickAll, TickCell } from "#components/ui/list/ticks.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Sort } from "#lib/core/list/rules.ts";
import { formatEuros } from "#lib/core/money.ts";
import { keyOrder, type keySorts } from "#lib/domain/keys/rules.ts";
import { isEnded, type KeyView, maskedKey } from "#lib/domain/keys/view.ts";
import { KeyStateBadge } from "./key-state-badge.tsx";
import { RevokeKeys } from "./revoke-keys.tsx";

type KeySort = (typeof keySorts)[number];

const list = "keys";
const tick = { key: "tick", label: "Select", heading: <TickAll list={list} /> } as const;
const columns: readonly ListColumn<KeySort>[] = [
  { key: "name", label: "Name", sorts: "name" },
  { key: "key", label: "Key" },
  { key: "owner", label: "Created by", sorts: "owner" },
  { key: "created", label: "Created", sorts: "-created" },
  { key: "used", label: "Last used", sorts: "-used" },
  { key: "month", label: "This month", align: "right", sorts: "-spent" },
  { key: "state", label: "Status" },
];

const states = [
  { value: "active", label: "Active" },
  { value: "expiring", label: "Expiring soon" },
  { value: "expired", label: "Expired" },
  { value: "revoked", label: "Revoked" },
];

/** A key of the list, and whether the reader can end it. */
export type ListedKey = KeyView & { mayChange: boolean };

type Props = {
  keys: readonly ListedKey[];
  range: ListRange;
  asked: { q?: string | undefined; sort?: Sort<KeySort> | undefined; state?: string | undefined };
  /** The address of the list. */
  base: string;
  /** By key, for those who can see limits. */
  limits: ReadonlyMap<string, KeyLimit>;
  now: Date;
  empty: ReactNode;
  revoke: Action<void>;
};

/** What of a key's limits a list shows. */
export type KeyLimit = { monthPico: bigint | null; isReached: boolean };

/** The keys of a workspace. */
export function KeyList({ keys, range, asked, base, limits, now, empty, revoke }: Props) {
  const revocable = keys.filter((key) => key.mayChange && !isEnded(key));
  const hasTicks = revocable.length > 0;
  return (
    <List
      base={base}
      asked={asked}
      order={keyOrder}
      noun={{ one: "API key", many: "API keys" }}
      icon={KeyRound}
      columns={hasTicks ? [tick, ...columns] : columns}
      range={range}
      search="Name, owner or end of the key"
      filters={<FilterChoice name="state" label="Status" all="All statuses" options={states} value={asked.state} />}
      empty={empty}
      bulk={hasTicks ? <RevokeKeys list={list} keys={revocable.map(effectOf)} now={now} revoke={revoke} /> : undefined}
    >
      {keys.map((key) => (
        <KeyRow key={key.id} of={key} base={base} limit={limits.get(key.id)} now={now} hasTicks={hasTicks} />
      ))}
    </List>
  );
}

const effectOf = ({ id, name, callsToday, lastUsedAt }: KeyView) => ({ id, name, callsToday, lastUsedAt });

type RowProps = { of: ListedKey; base: string; limit: KeyLimit | undefined; now: Date; hasTicks: boolean };

function KeyRow({ of: key, base, limit, now, hasTicks }: RowProps) {
  const off = isEnded(key);
  return (
    <Row faded={off}>
      {hasTicks ? <TickCell list={list} id={key.id} name={key.name} off={off || !key.mayChange} /> : null}
      <HeadCell>
        <TextLink href={`${base}/${key.id}`} look="row">
          {key.name}
        </TextLink>
        {key.isService || key.browser ? (
          <span className="ml-2 inline-flex flex-wrap gap-1.5 align-middle">
            {key.isService ? <Badge plain>Service key</Badge> : null}
            {key.browser ? <Badge plain>Web pages</Badge> : null}
          </span>
        ) : null}
      </HeadCell>
      <Cell label="Key">
        <Code>{maskedKey(key)}</Code>
      </Cell>
      <Cell label="Created by">{key.ownerName}</Cell>
      <Cell label="Created">
        <Time at={key.createdAt} form="date" now={now} />
      </Cell>
      <Cell label="Last used">{key.lastUsedAt ? <Time at={key.lastUsedAt} now={now} /> : "Never"}</Cell>
      <Cell label="This month" align="right">
        <Spent spentPico={key.monthPico} limitPico={limit?.monthPico ?? null} />
      </Cell>
      <Cell label="Status">
        {limit?.isReached && !off ? <Badge tone="bad">Limit reached</Badge> : <KeyStateBadge state={key} now={now} />}
      </Cell>
    </Row>
  );
}

function Spent({ spentPico, limitPico }: { spentPico: bigint; limitPico: bigint | null }) {
  if (limitPico === null) return <Sum pico={spentPico} />;
  return (
    <span>
      <Sum pico={spentPico} /> <span className="text-text-soft">of {formatEuros(limitPico)}</span>
    </span>
  );
}
