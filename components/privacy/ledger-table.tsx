import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { sizeWords } from "#lib/core/sent-files.ts";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import type { LedgerRow } from "#lib/domain/retention/ledger/view.ts";

const columns = [
  { key: "class", label: "What" },
  { key: "kept", label: "Kept" },
  { key: "oldest", label: "Oldest" },
  { key: "next", label: "Next to go" },
  { key: "items", label: "Items", align: "right" },
  { key: "bytes", label: "Size", align: "right" },
] as const;

/** What is kept of an organization, class by class; `base` is where its workspace's pages are. */
export const LedgerTable = ({ rows, base, now }: { rows: readonly LedgerRow[]; base: string; now: Date }) => (
  <Table
    caption="What is kept"
    columns={columns}
    footer={
      <p className="text-meta text-text-soft">
        Backups of the database hold the same for as long as they are kept. What is sealed under keys of its own cannot
        be read from them once those keys are destroyed; a receipt says from when.
      </p>
    }
  >
    {rows.map((row) => (
      <LedgerLine key={row.class} row={row} base={base} now={now} />
    ))}
  </Table>
);

function LedgerLine({ row, base, now }: { row: LedgerRow; base: string; now: Date }) {
  const { noun, sentence, kept, clause, deleteAt } = classOf(row.class);
  return (
    <Row>
      <HeadCell>
        <span className="block first-letter:uppercase">
          {deleteAt ? (
            <TextLink look="row" href={`${base}/${deleteAt}`}>
              {noun}
            </TextLink>
          ) : (
            noun
          )}
        </span>
        <span className="block max-w-[52ch] text-meta font-normal text-text-soft">{sentence}</span>
      </HeadCell>
      <Cell label="Kept" wrap>
        <span className="block first-letter:uppercase">{kept}</span>
        {clause ? <span className="block text-meta text-text-faint">{clause}</span> : null}
      </Cell>
      <Cell label="Oldest">{row.oldest ? <Time at={row.oldest} form="date" now={now} /> : "–"}</Cell>
      <Cell label="Next to go">{row.nextPurge ? <Time at={row.nextPurge} form="date" now={now} /> : "–"}</Cell>
      <NumberCells
        values={{ Items: row.items.toLocaleString("en-GB"), Size: row.bytes === 0 ? "–" : sizeWords(row.bytes) }}
      />
    </Row>
  );
}
