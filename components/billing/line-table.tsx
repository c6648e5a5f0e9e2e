import type { ReactNode } from "react";
import { HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { addDays, dayOf, endOfMonth } from "#lib/core/clock.ts";
import { exactEuros, formatCents, formatPrice, isWholeCents } from "#lib/core/money.ts";
import type { Line } from "#lib/domain/billing/invoices/view.ts";
import { monthWords } from "./month-words.ts";

const columns = [
  { key: "what", label: "What" },
  { key: "quantity", label: "Quantity", align: "right" },
  { key: "price", label: "Unit price", align: "right" },
  { key: "amount", label: "Amount", align: "right" },
] as const;

const units = { "million tokens": "M tokens", piece: "", month: "months" } as const;

type Props = {
  lines: readonly Line[];
  /** The document's own month; a line of another one says so. */
  month: string;
  /** Workspaces whose requests the reader can open. */
  openable: ReadonlySet<string>;
  footer?: ReactNode;
};

/** The lines of a document: quantity, price for a unit and amount, each leading to its requests. */
export const LineTable = ({ lines, month, openable, footer }: Props) => (
  <Table caption="Lines" columns={columns} footer={footer}>
    {lines.map((line) => (
      <Row key={line.line}>
        <HeadCell>
          <span className="block">{line.description}</span>
          <span className="block text-meta font-normal text-text-soft">
            {[line.detail, line.month === month ? null : monthWords(line.month)].filter(Boolean).join(" · ")}
            <Requests line={line} openable={openable} />
          </span>
        </HeadCell>
        <NumberCells
          values={{
            Quantity: quantityOf(line),
            "Unit price": formatPrice(line.unitMicros),
            Amount: (
              <span title={isWholeCents(line.exactPico) ? undefined : exactEuros(line.exactPico)}>
                {formatCents(line.amountCents)}
              </span>
            ),
          }}
        />
      </Row>
    ))}
  </Table>
);

/** A decimal without the zeros it does not need. */
function quantityOf({ quantity, unit }: Line): string {
  const text = quantity.includes(".") ? quantity.replace(/0+$/, "").replace(/\.$/, "") : quantity;
  return `${text} ${units[unit]}`.trim();
}

function Requests({ line, openable }: { line: Line; openable: ReadonlySet<string> }) {
  const { workspaceId, model, month, inputMicros } = line;
  if (!workspaceId || !model || inputMicros === null || !openable.has(workspaceId)) return null;
  const query = new URLSearchParams({ model, from: month, to: dayOf(addDays(endOfMonth(month), -1)) });
  return (
    <>
      {" · "}
      <TextLink href={`/${workspaceId}/logs?${query}`}>Requests</TextLink>
    </>
  );
}
