import { Copyable } from "#components/ui/copyable.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { counted } from "./agent-words.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "removed", label: "Removed" },
  { key: "by", label: "By" },
  { key: "at", label: "When" },
  { key: "receipt", label: "Receipt" },
] as const;

const nouns: Record<string, [one: string, many: string]> = {
  versions: ["version", "versions"],
  aliases: ["alias", "aliases"],
  grants: ["grant", "grants"],
  drafts: ["draft", "drafts"],
  reports: ["report", "reports"],
};

/** In the order of the nouns, whatever the order it was kept in. */
const removedWords = (removed: Readonly<Record<string, number>>): string =>
  [...new Set([...Object.keys(nouns), ...Object.keys(removed)])]
    .filter((name) => removed[name])
    .map((name) => counted(removed[name] ?? 0, ...(nouns[name] ?? [name, name])))
    .join(", ");

type Receipt = {
  id: string;
  name: string;
  handle: string;
  removed: Record<string, number>;
  deletedBy: string;
  deletedAt: Date;
};

/** What was removed with each agent, and by which person. */
export function ReceiptList({ receipts, now }: { receipts: readonly Receipt[]; now: Date }) {
  return (
    <Table caption="Deleted agents" columns={columns}>
      {receipts.map(({ id, name, handle, removed, deletedBy, deletedAt }) => (
        <Row key={id}>
          <HeadCell>
            {name}
            <span className="block text-meta font-normal break-all text-text-faint">@{handle}</span>
          </HeadCell>
          <Cell label="Removed" wrap>
            {removedWords(removed)}
          </Cell>
          <Cell label="By">{deletedBy}</Cell>
          <Cell label="When">
            <Time at={deletedAt} form="instant" now={now} />
          </Cell>
          <Cell label="Receipt">
            <Copyable text={id} noun="receipt id" />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
