import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DeskRequest } from "#lib/domain/zero-retention/desk/view.ts";
import { scopeTitles } from "#lib/domain/zero-retention/rules.ts";
import { ZeroRetentionState } from "./zero-retention-state.tsx";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "covers", label: "Covers" },
  { key: "state", label: "State" },
  { key: "claimed", label: "With" },
  { key: "since", label: "Requested" },
];

type Props = { caption: string; requests: readonly DeskRequest[]; now: Date };

/** Customers' requests, each a way to its page. */
export const DeskRequestList = ({ caption, requests, now }: Props) => (
  <Table caption={caption} columns={columns}>
    {requests.map((request) => (
      <Row key={request.id}>
        <HeadCell>
          <TextLink href={`/staff/zero-retention/${request.id}`}>{request.organizationName}</TextLink>
        </HeadCell>
        <Cell label="Covers">{scopeTitles[request.scope]}</Cell>
        <Cell label="State">
          <span className="flex flex-wrap gap-2">
            <ZeroRetentionState request={request} />
            {request.alarmedAt ? <Badge tone="bad">Stuck</Badge> : null}
          </span>
        </Cell>
        <Cell label="With">{request.claimedByName ?? "No one yet"}</Cell>
        <Cell label="Requested">
          <Time at={request.createdAt} now={now} />
        </Cell>
      </Row>
    ))}
  </Table>
);
