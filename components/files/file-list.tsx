import { FileText } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ListPlace } from "#lib/core/list/rules.ts";
import { fileOrder, type fileSorts } from "#lib/domain/files/listing/rules.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import { grouped, kindWords, sizeWords, stateWords } from "./file-words.ts";

type FileSort = (typeof fileSorts)[number];

const columns: readonly ListColumn<FileSort>[] = [
  { key: "name", label: "Name", sorts: "name" },
  { key: "kind", label: "Kind" },
  { key: "lines", label: "Lines", align: "right", sorts: "-lines" },
  { key: "tokens", label: "Tokens", align: "right" },
  { key: "size", label: "Size", align: "right", sorts: "-size" },
  { key: "state", label: "State" },
  { key: "uses", label: "Used by", align: "right" },
  { key: "expires", label: "Expires", sorts: "expires" },
];

const kinds = ["instruct", "pretrain", "batch_request"].map((value) => ({ value, label: kindWords[value] ?? value }));
const states = [
  { value: "ready", label: "Ready" },
  { value: "problems", label: "With problems" },
  { value: "draft", label: "Refused" },
];

type Props = {
  files: readonly (StoredFile & { uses: number })[];
  range: ListRange;
  asked: ListPlace<FileSort> & { kind?: string | undefined; state?: string | undefined };
  base: string;
  now: Date;
  empty: ReactNode;
};

/** The files of a workspace that the reader can see, those that were refused among them. */
export function FileList({ files, range, asked, base, now, empty }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={fileOrder}
      noun={{ one: "file", many: "files" }}
      icon={FileText}
      columns={columns}
      range={range}
      search="Name"
      filters={
        <>
          <FilterChoice name="kind" label="Kind" all="All kinds" options={kinds} value={asked.kind} />
          <FilterChoice name="state" label="State" all="All states" options={states} value={asked.state} />
        </>
      }
      empty={empty}
    >
      {files.map((file) => (
        <Row key={file.id}>
          <HeadCell>
            <span className="break-all">
              <TextLink href={`${base}/${file.id}`} look="row">
                {file.name}
              </TextLink>
            </span>
            {file.visibility === "user" ? <span className="block text-meta text-text-faint">Only you</span> : null}
          </HeadCell>
          <Cell label="Kind">{kindWords[file.sampleType]}</Cell>
          <Cell label="Lines" align="right">
            {file.lines === null ? null : grouped(file.lines)}
          </Cell>
          <Cell label="Tokens" align="right">
            <Tokens file={file} />
          </Cell>
          <Cell label="Size" align="right">
            {sizeWords(file.bytes)}
          </Cell>
          <Cell label="State">
            <State file={file} />
          </Cell>
          <Cell label="Used by" align="right">
            {file.uses === 0 ? (
              <span className="text-text-faint">–</span>
            ) : (
              `${file.uses} ${file.uses === 1 ? "job" : "jobs"}`
            )}
          </Cell>
          <Cell label="Expires">
            <Time at={file.expiresAt} now={now} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

function Tokens({ file: { tokens, isTokensEstimate } }: { file: StoredFile }) {
  if (tokens === null) return <span className="text-text-faint">–</span>;
  return (
    <span title={isTokensEstimate ? "Estimated from the first 8 MiB" : undefined}>
      {isTokensEstimate ? "≈ " : ""}
      {grouped(tokens)}
    </span>
  );
}

function State({ file }: { file: StoredFile }) {
  const { tone, words } = stateWords(file);
  return <Badge tone={tone}>{words}</Badge>;
}
