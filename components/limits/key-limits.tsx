import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { formatEuros } from "#lib/core/money.ts";
import { type LimitStanding, tightest } from "#lib/domain/limits/rules.ts";
import { LimitDialog } from "./limit-dialog.tsx";
import { LimitBadge, MeterBar } from "./meter.tsx";

/** A key with its limits; where it has none for life, `lifetime` is what one would be set against. */
export type LimitedKey = {
  id: string;
  name: string;
  /** Where its own page is, for those who may open it. */
  href: string | null;
  ownerName: string;
  month: LimitStanding;
  lifetime: LimitStanding;
  mayChange: boolean;
};

const columns = [
  { key: "name", label: "Key" },
  { key: "owner", label: "Created by" },
  { key: "month", label: "This month" },
  { key: "lifetime", label: "Whole life" },
  { key: "state", label: "Status" },
] as const;

type Props = { keys: readonly LimitedKey[]; save: Action<void>; resets: string };

/** The keys that can still spend, each with its limits and how they stand. */
export function KeyLimits({ keys, save, resets }: Props) {
  return (
    <Table caption="Limits of keys" columns={columns}>
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
    </Table>
  );
}

type OneProps = { of: LimitedKey; standing: LimitStanding; save: Action<void>; resets: string | null };

function OneLimit({ of: key, standing, save, resets }: OneProps) {
  const { limitPico, settledPico, period } = standing;
  return (
    <div className="flex items-center justify-end gap-2 sm:justify-between">
      <div className="tabular flex flex-col gap-0.5 py-1.5 whitespace-nowrap">
        {limitPico === null ? (
          <span className="text-text-soft">{period === "month" ? formatEuros(settledPico) : "No limit"}</span>
        ) : (
          <>
            <span>
              {formatEuros(settledPico)} <span className="text-text-soft">of {formatEuros(limitPico)}</span>
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
