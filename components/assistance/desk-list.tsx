import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { isOver } from "#lib/domain/assistance/rules.ts";
import type { DeskGrantRow } from "#lib/domain/assistance/view.ts";
import { GrantState } from "./grant-state.tsx";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "by", label: "Requested by" },
  { key: "state", label: "State" },
  { key: "requested", label: "Requested" },
  { key: "until", label: "Until" },
];

/** Requests for assistance, each a way to its page. */
export const DeskGrantList = ({ grants, now }: { grants: readonly DeskGrantRow[]; now: Date }) => (
  <Table caption="Requests for assistance" columns={columns}>
    {grants.map(({ id, organizationName, requesterName, state, requestedAt, endsAt }) => (
      <Row key={id} faded={isOver(state)}>
        <HeadCell>
          <TextLink href={`/staff/assistance/${id}`}>{organizationName}</TextLink>
        </HeadCell>
        <Cell label="Requested by">{requesterName}</Cell>
        <Cell label="State">
          <GrantState state={state} isDesk />
        </Cell>
        <Cell label="Requested">
          <Time at={requestedAt} now={now} />
        </Cell>
        <Cell label="Until">{endsAt ? <Time at={endsAt} form="instant" /> : "–"}</Cell>
      </Row>
    ))}
  </Table>
);
