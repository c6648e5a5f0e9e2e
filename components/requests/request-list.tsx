import { ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { columnOf } from "#lib/core/money.ts";
import { durationWords, outcomeWords, type RequestView } from "#lib/domain/request-log/view.ts";
import { outcomeTones } from "./outcome-tones.ts";
import type { Chosen } from "./request-filter.tsx";

const columns = [
  { key: "at", label: "Time" },
  { key: "model", label: "Model" },
  { key: "key", label: "Key" },
  { key: "tokens", label: "Tokens in / out", align: "right" },
  { key: "cost", label: "Cost", align: "right" },
  { key: "latency", label: "Latency", align: "right" },
  { key: "outcome", label: "Outcome" },
] as const;

type Props = { requests: readonly RequestView[]; base: string; footer?: ReactNode };

/** A few requests, newest first; `base` is the address of the log. */
export const RequestTable = ({ requests, base, footer }: Props) => (
  <Table caption="Requests" columns={columns} footer={footer}>
    <Rows requests={requests} base={base} />
  </Table>
);

type ListProps = {
  requests: readonly RequestView[];
  base: string;
  range: ListRange;
  asked: Chosen;
  filters: ReactNode;
  empty: ReactNode;
};

/** The request log, newest first. */
export const RequestList = ({ requests, base, range, asked, filters, empty }: ListProps) => (
  <List
    isJournal
    base={base}
    asked={asked}
    noun={{ one: "request", many: "requests" }}
    icon={ScrollText}
    columns={columns}
    range={range}
    search="End user or request id"
    filters={filters}
    empty={empty}
  >
    <Rows requests={requests} base={base} />
  </List>
);

function Rows({ requests, base }: { requests: readonly RequestView[]; base: string }) {
  const euros = columnOf(requests.map(({ costPico }) => costPico));
  return requests.map((request) => (
    <Row key={request.id}>
      <HeadCell>
        <TextLink href={`${base}/${request.id}`} look="row">
          <Time at={request.at} form="instant" />
        </TextLink>
      </HeadCell>
      <Cell label="Model">
        <Code>{request.model}</Code>
      </Cell>
      <Cell label="Key">{request.keyName ?? "Deleted key"}</Cell>
      <Cell label="Tokens in / out" align="right">
        {formatCount(request.promptTokens)} / {formatCount(request.completionTokens)}
      </Cell>
      <Cell label="Cost" align="right">
        {euros(request.costPico)}
      </Cell>
      <Cell label="Latency" align="right">
        {durationWords(request.latencyMs)}
      </Cell>
      <Cell label="Outcome">
        <Badge tone={outcomeTones[request.outcome]}>
          {outcomeWords[request.outcome]} {request.status === 200 ? "" : request.status}
        </Badge>
      </Cell>
    </Row>
  ));
}
