import type { ReactNode } from "react";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DeskDecision } from "#lib/domain/ending/desk/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "what", label: "What" },
  { key: "words", label: "Why" },
  { key: "at", label: "From" },
  { key: "by", label: "By" },
  { key: "acts", label: "Actions", quiet: true, align: "right" },
] as const;

const whatOf = ({ kind, side }: DeskDecision): string => {
  if (kind === "return") return "Let them begin anew";
  return side === "customer" ? "End, on the customer’s account" : "End, on ours";
};

/** What waits for a second person. */
export const DecisionTable = ({
  decisions,
  acts,
}: {
  decisions: readonly DeskDecision[];
  acts: (decision: DeskDecision) => ReactNode;
}) => (
  <Table caption="What waits for a second person" columns={columns}>
    {decisions.map((one) => (
      <Row key={one.id}>
        <HeadCell>{one.organizationName}</HeadCell>
        <Cell label="What">{whatOf(one)}</Cell>
        <Cell label="Why" wrap>
          {one.words}
        </Cell>
        <Cell label="From">{one.endsAt ? <Time at={one.endsAt} form="instant" /> : "The confirmation"}</Cell>
        <Cell label="By">
          {one.proposedName ?? "a former colleague"}, <Time at={one.proposedAt} />
        </Cell>
        <Cell align="right">{acts(one)}</Cell>
      </Row>
    ))}
  </Table>
);
