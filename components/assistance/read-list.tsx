import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ReadView } from "#lib/domain/assistance/view.ts";

const columns = [
  { key: "file", label: "File" },
  { key: "lines", label: "Lines" },
  { key: "staff", label: "By" },
  { key: "at", label: "Read" },
];

/** Pages that staff read, the latest first. */
export const ReadList = ({ reads }: { reads: readonly ReadView[] }) => (
  <Table caption="What our staff read" columns={columns}>
    {reads.map(({ id, fileName, firstLine, lines, staffName, at }) => (
      <Row key={id}>
        <HeadCell>{fileName ?? "A deleted file"}</HeadCell>
        <Cell label="Lines">
          {firstLine + 1}–{firstLine + lines}
        </Cell>
        <Cell label="By">{staffName}</Cell>
        <Cell label="Read">
          <Time at={at} form="instant" />
        </Cell>
      </Row>
    ))}
  </Table>
);
