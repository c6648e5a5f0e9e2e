import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { ListPlace } from "#lib/core/list/rules.ts";
import { formatEuros } from "#lib/core/money.ts";
import { keyLimitOrder, type keyLimitSorts, type LimitStanding, tightest } from "#lib/domain/limits/rules.ts";
import type { KeyStanding } from "#lib/domain/limits/view.ts";
import { LimitDialog } from "./limit-dialog.tsx";
import { LimitBadge, MeterBar } from "./meter.tsx";

/** A key with its limits; where it has none for life, `lifetime` is what one would be set against. */
export type LimitedKey = Pick<KeyStanding, "id" | "name" | "ownerName" | "month" | "lifetime"> & {
  /** Where its own page is, for those who may open it. */
  href: string | null;
  mayChange: boolean;
};

type KeyLimitSort = (typeof keyLimitSorts)[number];

const columns: readonly ListColumn<KeyLimitSort>[] = [
  { key: "name", label: "Key", sorts: "name" },
  { key: "owner", label: "Created by", sorts: "owner" },
  { key: "month", label: "This month", sorts: "-spent" },
  { key: "lifetime", label: "Whole life" },
  { key: "state", label: "Status" },
];

type Props = {
  keys: readonly LimitedKey[];
  range: ListRange;
  asked: ListPlace<KeyLimitSort>;
  base: string;
  empty: ReactNode;
  save: Action<void>;
  resets: string;
};

/** The keys that can still spend, each with its limits and how they stand. */
export function KeyLimits({ keys, range, asked, base, empty, save, resets }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={keyLimitOrder}
      noun={{ one: "key", many: "keys" }}
      caption="Limits of keys"
      icon={KeyRound}
      columns={columns}
      range={range}
      search="Name of a key or its owner"
      empty={empty}
    >
      {keys.map((key) => (
        <Row key={key.id}>
          <HeadCell>
            {key.href ? (
              <TextLink href={key.href} look="row">
                {key.name}
              </TextLink>
            ) : (
              key.name
            )}
          </HeadCell>
          <Cell label="Created by">{key.ownerName}</Cell>
          <Cell label="This month" wrap>
            <OneLimit of={key} standing={key.month} save={save} resets={resets} />
          </Cell>
          <Cell label="Whole life" wrap>
            <OneLimit of={key} standing={key.lifetime} save={save} resets={null} />
          </Cell>
          <Cell label="Status">
            <LimitBadge standing={tightest([key.month, key.lifetime]) ?? key.month} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

type OneProps = { of: LimitedKey; standing: LimitStanding; save: Action<void>; resets: string | null };

function OneLimit({ of: key, standing, save, resets }: OneProps) {
  const { limitPico, settledPico, period } = standing;
  return (
    <div className="flex items-center justify-end gap-2 sm:justify-between">
      <div className="tabular flex flex-col gap-0.5 py-1.5 whitespace-nowrap">
        {limitPico === null ? (
          <span className="text-text-soft">{period === "month" ? <Sum pico={settledPico} /> : "No limit"}</span>
        ) : (
          <>
            <span>
              <Sum pico={settledPico} /> <span className="text-text-soft">of {formatEuros(limitPico)}</span>
            </span>
            <MeterBar standing={standing} label={`${key.name}, ${period === "month" ? "this month" : "whole life"}`} />
          </>
        )}
      </div>
      {key.mayChange ? (
        <LimitDialog
          name={key.name}
          keyId={key.id}
          standing={standing}
          above={null}
          resets={resets}
          alertPercents={standing.alertPercents}
          save={save}
        />
      ) : null}
    </div>
  );
}
