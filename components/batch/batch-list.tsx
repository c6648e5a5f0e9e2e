import { Layers } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { BatchPlace } from "#lib/domain/batch/listing/input.ts";
import {
  batchName,
  batchOrder,
  type batchSorts,
  batchStateGroups,
  batchWords,
} from "#lib/domain/batch/listing/rules.ts";
import { completedOf, endpointNames, percentOf } from "#lib/domain/batch/rules.ts";

type BatchSort = (typeof batchSorts)[number];

const columns: readonly ListColumn<BatchSort>[] = [
  { key: "name", label: "Input" },
  { key: "endpoint", label: "Endpoint" },
  { key: "model", label: "Model" },
  { key: "state", label: "State" },
  { key: "progress", label: "Progress", align: "right" },
  { key: "cost", label: "Cost so far", align: "right", sorts: "-cost" },
  { key: "created", label: "Created", sorts: "-created" },
];

const states = Object.entries(batchStateGroups).map(([value, { label }]) => ({ value, label }));

type BatchRow = {
  id: Parameters<typeof batchName>[0];
  fileName: string | null;
  endpoint: keyof typeof endpointNames;
  model: string | null;
  agentId: string | null;
  status: keyof typeof batchWords;
  totalRequests: number;
  succeededRequests: number;
  failedRequests: number;
  costPico: bigint;
  createdAt: Date;
};

type Props = {
  batches: readonly BatchRow[];
  range: ListRange;
  asked: BatchPlace;
  base: string;
  now: Date;
  empty: ReactNode;
};

/** The batches of a workspace. */
export function BatchList({ batches, range, asked, base, now, empty }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={batchOrder}
      noun={{ one: "batch", many: "batches" }}
      icon={Layers}
      columns={columns}
      range={range}
      search="File, model or id"
      filters={<FilterChoice name="state" label="State" all="All states" options={states} value={asked.state} />}
      empty={empty}
    >
      {batches.map((batch) => (
        <Row key={batch.id}>
          <HeadCell>
            <TextLink href={`${base}/${batch.id}`} look="row">
              {batch.fileName ?? batchName(batch.id)}
            </TextLink>
          </HeadCell>
          <Cell label="Endpoint">{endpointNames[batch.endpoint]}</Cell>
          <Cell label="Model">{batch.model ?? (batch.agentId ? "An agent" : "By line")}</Cell>
          <Cell label="State">
            <BatchBadge status={batch.status} />
          </Cell>
          <Cell label="Progress" align="right">
            <span title={`${percentOf(batch)} %`}>
              {completedOf(batch).toLocaleString("en-IE")} of {batch.totalRequests.toLocaleString("en-IE")}
            </span>
          </Cell>
          <Cell label="Cost so far" align="right">
            <Sum pico={batch.costPico} />
          </Cell>
          <Cell label="Created">
            <Time at={batch.createdAt} now={now} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

export const BatchBadge = ({ status }: { status: keyof typeof batchWords }) => (
  <Badge tone={batchWords[status].tone}>{batchWords[status].label}</Badge>
);
