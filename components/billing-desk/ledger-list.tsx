import { BookOpenText } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import type { BookFilter } from "#lib/domain/billing/desk/input.ts";
import { bookOrder, ledgerWords, transactionWords } from "#lib/domain/billing/desk/rules.ts";
import type { LedgerRow } from "#lib/domain/billing/desk/view.ts";

const columns = [
  { key: "what", label: "What happened" },
  { key: "number", label: "Document" },
  { key: "at", label: "Time", sorts: "-at" },
  { key: "entries", label: "Entries", align: "right" },
] as const;

export type BookProps<R> = {
  rows: readonly R[];
  range: ListRange;
  asked: BookFilter;
  base: string;
  kept: Readonly<Record<string, string>>;
  now: Date;
};

/** Everything that moved the account's money, newest first, with what it did to each ledger account. */
export function LedgerList({ rows, range, asked, base, kept }: BookProps<LedgerRow>) {
  return (
    <List
      base={base}
      asked={asked}
      kept={kept}
      order={bookOrder}
      noun={{ one: "transaction", many: "transactions" }}
      caption="Ledger"
      icon={BookOpenText}
      columns={columns}
      range={range}
      search="Document number or payment id"
      empty={
        <EmptyState icon={BookOpenText} title="Nothing is posted yet">
          Documents, payments and credit appear here as entries that sum to zero.
        </EmptyState>
      }
    >
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>{transactionWords(row.kind)}</HeadCell>
          <Cell label="Document">{row.number ?? "None"}</Cell>
          <Cell label="Time">
            <Time at={row.effectiveAt} form="instant" />
          </Cell>
          <Cell label="Entries" align="right" wrap>
            {row.entries.map(({ account, amountCents }) => (
              <span key={account} className="block">
                <span className="text-text-soft">{ledgerWords[account]}</span> {formatCents(amountCents)}
              </span>
            ))}
          </Cell>
        </Row>
      ))}
    </List>
  );
}
