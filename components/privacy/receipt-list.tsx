import { LinkButton } from "#components/ui/link-button.tsx";
import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { itemWords, type RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import { type ReceiptBody, receiptCauses } from "#lib/domain/retention/receipts/rules.ts";

const columns = [
  { key: "at", label: "Deleted" },
  { key: "cause", label: "Why" },
  { key: "what", label: "What" },
  { key: "number", label: "Receipt", align: "right" },
] as const;

/** `3 agents, 12 conversations`; classes of which nothing was there are left out. */
export const removedWords = (removed: ReceiptBody["removed"]): string =>
  removed
    .filter(({ items }) => items > 0)
    .map(({ class: name, items }) => itemWords(name as RetentionClassName, items))
    .join(", ") || "Nothing was there";

type Props = { receipts: readonly ReceiptBody[]; base: string; hasMore: boolean; isLater: boolean; now: Date };

/** Receipts of deletions, the latest first. */
export const ReceiptList = ({ receipts, base, hasMore, isLater, now }: Props) => (
  <Table
    caption="Receipts"
    columns={columns}
    {...((hasMore || isLater) && {
      footer: (
        <span className="flex gap-2">
          {isLater ? <LinkButton href={base}>Latest</LinkButton> : null}
          {hasMore ? <LinkButton href={`${base}?before=${receipts.at(-1)?.sequence}`}>Older</LinkButton> : null}
        </span>
      ),
    })}
  >
    {receipts.map((receipt) => (
      <Row key={receipt.id}>
        <HeadCell>
          <TextLink look="row" href={`${base}/${receipt.id}`}>
            <Time at={new Date(receipt.done_at)} form="instant" now={now} />
          </TextLink>
        </HeadCell>
        <Cell label="Why" wrap>
          {receiptCauses[receipt.cause]}
        </Cell>
        <Cell label="What" wrap>
          {removedWords(receipt.removed)}
        </Cell>
        <NumberCells values={{ Receipt: receipt.sequence }} />
      </Row>
    ))}
  </Table>
);
