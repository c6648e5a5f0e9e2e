import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";
import type { DeskSuspension } from "#lib/domain/suspensions/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "state", label: "State" },
  { key: "reason", label: "Reason" },
  { key: "people", label: "By" },
  { key: "due", label: "Next" },
  { key: "acts", label: "Actions", quiet: true, align: "right" },
] as const;

type Props = {
  suspensions: readonly DeskSuspension[];
  acts: (suspension: DeskSuspension) => ReactNode;
  now: Date;
};

/** Suspensions as staff see them; what was written about one is on its customer's page. */
export const SuspensionList = ({ suspensions, acts, now }: Props) => (
  <Table caption="Suspensions" columns={columns}>
    {suspensions.map((one) => (
      <Row key={one.id} faded={one.endedAt !== null}>
        <HeadCell>{one.organizationName}</HeadCell>
        <Cell label="State">
          <State suspension={one} />
        </Cell>
        <Cell label="Reason" wrap>
          {reasonTitles[one.reason]} <span className="text-text-faint">({one.clause})</span>
        </Cell>
        <Cell label="By" wrap>
          {peopleOf(one)}
        </Cell>
        <Cell label="Next">
          <Next suspension={one} now={now} />
        </Cell>
        <Cell align="right">{one.endedAt === null ? acts(one) : null}</Cell>
      </Row>
    ))}
  </Table>
);

const isAppealed = ({ appeal, appealDecision }: DeskSuspension): boolean => appeal !== null && appealDecision === null;

function State({ suspension }: { suspension: DeskSuspension }) {
  if (suspension.state === "active")
    return isAppealed(suspension) ? <Badge tone="warn">Appealed</Badge> : <Badge tone="bad">In force</Badge>;
  if (suspension.state === "proposed") return <Badge tone="warn">Proposed</Badge>;
  return <Badge>{suspension.state === "lifted" ? "Lifted" : "Dropped"}</Badge>;
}

const peopleOf = ({ names, proposedBy, confirmedBy, endedBy }: DeskSuspension): string =>
  [...new Set([proposedBy, confirmedBy, endedBy])]
    .flatMap((id) => (id ? (names[id] ?? "a former colleague") : []))
    .join(", ");

function Next({ suspension, now }: { suspension: DeskSuspension; now: Date }) {
  if (suspension.endedAt) return <Time at={suspension.endedAt} form="date" now={now} />;
  if (isAppealed(suspension) && suspension.appealDueAt)
    return (
      <>
        Answer <Time at={suspension.appealDueAt} form="date" now={now} />
      </>
    );
  return suspension.state === "active" ? `Review ${suspension.reviewOn}` : "A second person";
}
