import { Building2 } from "lucide-react";
import { planTitles } from "#components/rates/plan-facts.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AccountFilter } from "#lib/domain/billing/desk/input.ts";
import { accountOrder, standings, standingWords } from "#lib/domain/billing/desk/rules.ts";
import type { AccountRow } from "#lib/domain/billing/desk/view.ts";
import { StandingBadge } from "./standing-badge.tsx";

const columns = [
  { key: "name", label: "Customer", sorts: "name" },
  { key: "standing", label: "Standing" },
  { key: "plan", label: "Plan" },
  { key: "provider", label: "Pays by" },
  { key: "created", label: "Billed since", sorts: "-created" },
] as const;

const providers = { manual: "Bank transfer", sandbox: "Sandbox", stripe: "Stripe" } as const;

/** How an account is collected: "Stripe", "Stripe, by invoice", "Sandbox, test mode". */
export const providerWords = ({
  provider,
  collection,
  livemode,
}: Pick<AccountRow, "provider" | "collection" | "livemode">) =>
  [
    providers[provider],
    ...(collection === "send_invoice" && provider !== "manual" ? ["by invoice"] : []),
    ...(livemode ? [] : ["test mode"]),
  ].join(", ");

export const standingFilter = (standing: AccountFilter["standing"]) => (
  <FilterChoice
    name="standing"
    label="Standing"
    all="Any standing"
    options={standings.map((value) => ({ value, label: standingWords[value] }))}
    value={standing}
  />
);

type Props = { rows: readonly AccountRow[]; range: ListRange; asked: AccountFilter; base: string; now: Date };

/** Every customer who is billed. */
export function AccountList({ rows, range, asked, base, now }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={accountOrder}
      noun={{ one: "account", many: "accounts" }}
      icon={Building2}
      columns={columns}
      range={range}
      search="Name, e-mail or organization id"
      filters={standingFilter(asked.standing)}
      empty={
        <EmptyState icon={Building2} title="No billing accounts yet">
          An account is made when an organization fills in its billing profile or begins to pay.
        </EmptyState>
      }
    >
      {rows.map((row) => (
        <Row key={row.organizationId}>
          <HeadCell>
            <TextLink look="row" href={`${base}/${row.organizationId}`}>
              {row.organizationName}
            </TextLink>
          </HeadCell>
          <Cell label="Standing">
            <StandingBadge account={row} />
          </Cell>
          <Cell label="Plan">{planTitles[row.plan]}</Cell>
          <Cell label="Pays by">{providerWords(row)}</Cell>
          <Cell label="Billed since">
            <Time at={row.createdAt} now={now} form="date" />
          </Cell>
        </Row>
      ))}
    </List>
  );
}
