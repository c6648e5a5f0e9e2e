import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { sizeWords } from "#lib/core/sent-files.ts";
import { classOf, type RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import type { ReceiptBody } from "#lib/domain/retention/receipts/rules.ts";

const columns = [
  { key: "class", label: "What" },
  { key: "oldest", label: "Oldest" },
  { key: "newest", label: "Newest" },
  { key: "items", label: "Deleted", align: "right" },
  { key: "bytes", label: "Size", align: "right" },
  { key: "recount", label: "Left after", align: "right" },
] as const;

const day = (at: string | null, now: Date) => (at ? <Time at={new Date(at)} form="date" now={now} /> : "–");

/** What went, counted before, and what a count afterwards still found. */
export const RemovedTable = ({ removed, now }: { removed: ReceiptBody["removed"]; now: Date }) => (
  <Table caption="What was deleted" columns={columns}>
    {removed.map((one) => (
      <Row key={one.class} faded={one.items === 0}>
        <HeadCell>
          <span className="block first-letter:uppercase">{classOf(one.class as RetentionClassName).noun}</span>
        </HeadCell>
        <Cell label="Oldest">{day(one.oldest, now)}</Cell>
        <Cell label="Newest">{day(one.newest, now)}</Cell>
        <NumberCells
          values={{
            Deleted: one.items.toLocaleString("en-GB"),
            Size: one.bytes === 0 ? "–" : sizeWords(one.bytes),
            "Left after": one.recount,
          }}
        />
      </Row>
    ))}
  </Table>
);
